"""``kindmark convert RUN``: a training run's adapters become GGUF files that are proven equal.

    kindmark convert runs/gemma3n-math                        its last stage, in 4 and 8 bits
    kindmark convert runs/gemma3n-math --stage mark prefer    these stages
    kindmark convert RUN --items class.jsonl                  with the mark gate: labelled answers
    kindmark convert RUN --adapter-only                       an adapter to put on its base
    kindmark convert RUN --step merge gguf                    only these steps
    kindmark convert qwen3-4b                                 a base whose weights were pulled

What is there already, made from the same files and settings, is not made again; a run that was
stopped goes on. Only what passes the check is published. It needs: pip install 'kindmark[train]'
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from convert.pipeline.base_place import bare_stage, base_folder
from convert.pipeline.job import Job, open_job
from convert.pipeline.run_stage import RunStage, open_stage, stage_names
from convert.pipeline.wishes import STEPS, Wishes, read_keep, read_quants
from runtime.command_line import OurParser, training_half
from runtime.errors import BadInputError, ExitCode, ModelError
from runtime.locations import model_store


def main(argv: Sequence[str]) -> int:
    """Convert, check and publish; each step is told on stderr.

    Raises ``KindmarkError`` for whatever the user can mend.
    """
    args = _parser().parse_args(argv)
    wishes = Wishes(
        store=args.out,
        name=args.name,
        quants=read_quants(args.quant),
        keep=read_keep(args.keep),
        importance=args.importance,
        items=args.items,
        adapter_only=args.adapter_only,
        inside=args.head == "inside",
        sdist=args.from_sdist,
        steps=tuple(args.step),
        force=args.force,
    )
    try:
        with training_half("Converting a run"):
            for job in _jobs(args, wishes):
                _convert(job)
    except OSError as error:
        where = error.filename or args.run
        raise ModelError(f"{where} cannot be used: {error.strerror or error}.") from error
    return ExitCode.DONE


def _jobs(args: argparse.Namespace, wishes: Wishes) -> Iterator[Job]:
    run = Path(args.run)
    if not run.exists() and (bare := bare_stage(args.run, wishes.store, args.base)):
        folder = args.base or bare.run
        yield open_job(bare, folder, wishes._replace(adapter_only=True), _say)
        return
    finished = stage_names(run)
    chosen = args.stage or finished[-1:]
    if wishes.name and len(chosen) > 1:
        raise BadInputError("One name cannot serve several stages.", "Leave out --name.")
    if not args.stage and len(finished) > 1:
        _say(
            f"Finished stages: {', '.join(finished)}. Converting {chosen[0]}; others: --stage NAME."
        )
    stages = [open_stage(run, name) for name in chosen]
    for stage in stages:
        _warn(stage)
        yield open_job(stage, base_folder(stage, args.base, wishes.store), wishes, _say)


def _convert(job: Job) -> None:
    from convert.pipeline.pipeline import convert_stage  # noqa: PLC0415 - the engine takes a second

    convert_stage(job)
    if not job.wishes.steps:
        size = sum(path.stat().st_size for path in job.work.rglob("*") if path.is_file())
        _say(f"The working files ({size / 1e6:,.0f} MB) may be deleted: {job.work}")


def _warn(stage: RunStage) -> None:
    from runtime.judge.prompt import contract_digest  # noqa: PLC0415

    if stage.origin.tiny:
        _say("This is a tiny random model: it shows that the path works, and knows nothing.")
    if stage.contract != contract_digest():
        _say(
            "The wording of the prompts has changed since this run was trained: marking will ask "
            "what the model did not learn. Train it again."
        )


def _parser() -> OurParser:
    parser = OurParser(
        prog="kindmark convert",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("run", metavar="RUN", help="folder of a training run, or a pulled base")
    parser.add_argument(
        "--stage",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME",
        help="the last if not given",
    )
    parser.add_argument("--base", type=Path, metavar="DIR", help="folder of the 16-bit base")
    parser.add_argument(
        "--out", type=Path, default=model_store(), metavar="DIR", help="model store (%(default)s)"
    )
    parser.add_argument("--name", default="", help="name in the catalogue (RUN-STAGE)")
    parser.add_argument(
        "--quant", default="Q4_K_M,Q8_0", metavar="LIST", help="types to publish (%(default)s)"
    )
    parser.add_argument(
        "--keep",
        default="",
        metavar="LIST",
        help="tensors in more bits: output=Q8_0,token_embd=Q8_0",
    )
    parser.add_argument(
        "--importance", type=Path, metavar="FILE", help="answers to weigh the columns by (JSONL)"
    )
    parser.add_argument(
        "--items", type=Path, metavar="FILE", help="answers with labels, for the mark gate (JSONL)"
    )
    parser.add_argument("--adapter-only", action="store_true", help="for run time, on its base")
    parser.add_argument(
        "--head",
        choices=("beside", "inside"),
        default="beside",
        help="inside the GGUF: BERT always, Qwen3 if wished",
    )
    parser.add_argument(
        "--step",
        nargs="+",
        action="extend",
        default=[],
        choices=STEPS,
        help="only these steps",
    )
    parser.add_argument(
        "--from-sdist", type=Path, metavar="FILE", help="llama-cpp-python's sdist, brought by hand"
    )
    parser.add_argument("--force", action="store_true", help="make it again although it is there")
    return parser


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
