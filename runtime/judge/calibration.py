"""Reads the calibration that ships with Kindmark."""

from pathlib import Path

import msgspec

from runtime.errors import ModelError
from runtime.judge.heads import MEND
from runtime.locations import shipped_models
from runtime.marking.decision import Calibration
from runtime.words import _


def load_calibration(path: Path | None = None) -> Calibration:
    """Read measured rates. Raises ``ModelError`` if the file is missing or damaged."""
    path = path or shipped_models() / "calibration.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Calibration)
    except OSError:
        raise ModelError(
            _("the calibration {path} is missing or unreadable").format(path=path), _(MEND)
        ) from None
    except msgspec.DecodeError as error:
        raise ModelError(
            _("the calibration {path} is damaged: {error}").format(path=path, error=error), _(MEND)
        ) from None
