"""The worker behind ``SymbolicChecker``: one JSON pair in, one JSON verdict out, a line each.

python -m runtime.marking.maths.symbolic_worker

It runs in the main thread, because math-verify's limits are alarm signals. The verdict is
``true``, ``false`` or ``null`` where one side could not be parsed.
"""

import json
import logging
import os
import sys
from typing import IO

from math_verify import (
    ExprExtractionConfig,
    LatexExtractionConfig,
    parse,
    verify,
)

_SECONDS = 4
"""Below the checker's own limit, so that most slow questions end without a restart."""
_TARGETS = (
    LatexExtractionConfig(boxed_match_priority=0),
    ExprExtractionConfig(),
)


def equal(reference: str, answer: str) -> bool | None:
    """Return whether the answer equals the reference, or ``None`` if one is unreadable."""
    gold, given = _parsed(reference), _parsed(answer)
    if not gold or not given:
        return None
    # verify() is asymmetric by design: one way round only, or 0 would equal a + 3z = 0.
    return bool(verify(gold, given, timeout_seconds=_SECONDS, allow_set_relation_comp=True))


def _parsed(text: str) -> list[object]:
    wrapped = text if "$" in text or "\\boxed" in text or "\\[" in text else f"${text}$"
    found: list[object] = parse(
        wrapped, extraction_config=_TARGETS, parsing_timeout=_SECONDS, fallback_mode="no_fallback"
    )
    return found


def serve(questions: IO[str], verdicts: IO[str]) -> None:
    """Answer line by line until the pipe is closed."""
    for line in questions:
        reference, answer = json.loads(line)
        print(json.dumps(_guarded(reference, answer)), file=verdicts, flush=True)


def _guarded(reference: str, answer: str) -> bool | None:
    try:
        return equal(reference, answer)
    except Exception:  # whatever SymPy throws on odd input is "no verdict", never an end
        return None


def main() -> None:
    """Serve the standard pipes; what libraries print goes nowhere."""
    logging.disable()
    verdicts = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - devnull is a device, not a path
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    serve(sys.stdin, verdicts)


if __name__ == "__main__":
    main()
