"""Reads the calibration that ships with Kindmark."""

from pathlib import Path

import msgspec

from runtime.errors import ModelError
from runtime.judge.heads import MEND
from runtime.locations import shipped_models
from runtime.marking.decision import Calibration


def load_calibration(path: Path | None = None) -> Calibration:
    """Read measured rates. Raises ``ModelError`` if the file is missing or damaged."""
    path = path or shipped_models() / "calibration.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Calibration)
    except OSError:
        raise ModelError(f"the calibration {path} is missing or unreadable", MEND) from None
    except msgspec.DecodeError as error:
        raise ModelError(f"the calibration {path} is damaged: {error}", MEND) from None
