"""Makes the practice judge's GGUF file of its training run, and proves that it reads alike.

    python -m convert.practice runs/practice-judge --out models

Writes ``practice-judge-q8_0.gguf`` and prints its part of the catalogue entry. Both the 16-bit file
on the way and this one are held against the model as transformers computes it, on prompts of
marking; one that differs is not written. It needs: pip install 'kindmark[train]'
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from convert.gguf.llama_cpp_source import llama_cpp_source
from convert.gguf.to_gguf import to_gguf
from convert.pipeline.stage_prompts import encoder_of, example_items, prompt_ids
from convert.quantize.quantize import quantize
from convert.verify.parity import Parity, compare
from convert.whole import whole_file
from runtime.command_line import OurParser, training_half
from runtime.errors import BadInputError, ExitCode, KindmarkError, ModelError
from runtime.judge.catalogue import sha256
from runtime.marking.item import Task
from runtime.toml_text import toml_text

NAME = "practice-judge"
FILE = f"{NAME}-q8_0.gguf"
"""Less than a megabyte: it is kept in the repository."""


def convert(model: Path, target: Path, sdist: Path | None = None) -> Parity:
    """Write ``target`` in 8 bits from a model folder and return how far it is from it.

    Raises ``ModelError`` if it differs or cannot be converted; then nothing is written.
    """
    items = [item for item in example_items() if item.task is Task.MATH]
    prompts = prompt_ids("mark_maths", items, encoder_of(model))
    with TemporaryDirectory() as folder, whole_file(target) as part:
        plain = Path(folder) / f"{NAME}-f16.gguf"
        to_gguf(model, plain, "f16", llama_cpp_source(_say, sdist), name=NAME, say=_say)
        quantize(plain, part, "Q8_0")
        for path in (plain, part):
            found = compare(model, path, prompts)
            if found.faults:
                raise ModelError(f"{path.name} is not the model: {' '.join(found.faults)}")
    return found


def main(argv: list[str]) -> int:
    """Convert a run; say the figures on stderr. Raises ``KindmarkError``."""
    args = _parser().parse_args(argv)
    model = args.run / "model"
    if not model.is_dir():
        raise BadInputError(f"{args.run} holds no model.", f"Train it: kindmark train {NAME}")
    with training_half("Converting"):
        found = convert(model, args.out / FILE, args.from_sdist)
    figures = ", ".join(f"{name} {value:.3g}" for name, value in found.figures().items())
    _say(f"Wrote {args.out / FILE}; it reads as the model does ({figures}).")
    path = args.out / FILE
    row = {"name": FILE, "bytes": path.stat().st_size, "sha256": sha256(path)}
    sys.stdout.write(toml_text({"entry": [{"name": NAME, "file": [row]}]}))
    return ExitCode.DONE


def _parser() -> OurParser:
    parser = OurParser(prog="python -m convert.practice", description=__doc__)
    parser.add_argument("run", type=Path, metavar="RUN", help=f"folder of kindmark train {NAME}")
    parser.add_argument("--out", type=Path, default=Path("models"), metavar="DIR")
    parser.add_argument(
        "--from-sdist", type=Path, metavar="FILE", help="llama-cpp-python's sdist, brought by hand"
    )
    return parser


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KindmarkError as failure:
        sys.exit(f"{failure.title}: {failure.message} {failure.remedy}")
