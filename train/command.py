"""``kindmark train``: fit the heads and the calibration that ship in ``models/``.

    kindmark train heads --data DIR        fit both heads and write them
    kindmark train report --data DIR       measure the right-or-wrong head on unseen questions
    kindmark train calibrate --data DIR    measure the maths evidence and write its rates

DIR holds one folder a graded set: scientsbank, prometheus-rubric, gsm8k-model-solutions and
math-verify-cases, each with the JSONL files named at the top of ``train/jobs.py``.
"""

import argparse
import sys
from pathlib import Path

from runtime.errors import BadInputError
from runtime.locations import shipped_models


def main(argv: list[str]) -> int:
    """Run one training command. Raises ``BadInputError`` if the training half is not installed."""
    options = _parse(argv)
    try:
        from train import jobs  # noqa: PLC0415 - scikit-learn takes a second to import
    except ModuleNotFoundError as error:
        raise BadInputError(
            f"Training needs {error.name}, which is not installed.",
            "Install it with: pip install 'kindmark[train]'",
        ) from None
    if options.command == "heads":
        jobs.fit_heads(options.data, options.out)
    elif options.command == "calibrate":
        jobs.write_calibration(options.data, options.out)
    else:
        jobs.print_report(options.data)
    return 0


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="kindmark train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in ("heads", "report", "calibrate"):
        command = commands.add_parser(name)
        command.add_argument("--data", type=Path, required=True, help="folder of graded sets")
        if name != "report":
            command.add_argument(
                "-o", "--out", type=Path, default=shipped_models(), help="folder to write to"
            )
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
