"""What ``kindmark models`` does to one model: show, add, pull, verify, use, remove.

Each is called with the words after its name. ``runtime.judge`` does the work; it is imported when
it is needed, so that a help text waits for nothing.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from runtime.cli import console
from runtime.cli.options import Parser, named
from runtime.cli.plain import one_line
from runtime.errors import ExitCode
from runtime.judge.catalogue import Entry, State
from runtime.judge.llm.locating import DEFAULT, Located, located
from runtime.judge.shelf import Shelved, model_shelf
from runtime.locations import model_store


def show(argv: Sequence[str]) -> int:
    """Print all that is known of one model."""
    parser = Parser("models show", "All that is known of one model.", "")
    parser.add_argument("name", metavar="NAME", type=named)
    parser.add_argument("--json", action="store_true", help="data instead of lines")
    args = parser.parse_args(argv)
    model = model_shelf().named(args.name)
    if args.json:
        encoded = msgspec.json.format(msgspec.json.encode(model.entry), indent=2)
        sys.stdout.write(encoded.decode() + "\n")
    else:
        lines = (f"{what:12} {one_line(text)}\n" for what, text in _facts(model) if text)
        sys.stdout.write("".join(lines))
    return ExitCode.DONE


def add(argv: Sequence[str]) -> int:
    """Enter a file that was brought by hand."""
    parser = Parser(
        "models add", "Enter a GGUF file or a head that was brought by hand.", _ADD_EXAMPLES
    )
    parser.add_argument("file", metavar="FILE", type=named, help="it is copied into the store")
    parser.add_argument("--name", default="", help="its name here (that of the file)")
    parser.add_argument("--title", default="", help="what it is, in a line")
    parser.add_argument("--licence", default="", help="under which terms it may be used")
    parser.add_argument("--source", default="", help="where it is from")
    parser.add_argument("--base", default="", help="the base of an adapter or a head")
    args = parser.parse_args(argv)
    from runtime.judge import adding  # noqa: PLC0415

    given = adding.Given(args.name, args.title, args.licence, args.source, args.base)
    entry = adding.add(Path(args.file), model_store(), given)
    console.say(f"Added {entry.name}: {model_store() / entry.file[0].name}")
    if entry.kind == "adapter":
        console.say(
            "Nothing says yet what this adapter was trained to answer, so nothing marks with it:"
            " kindmark convert RUN enters one that does."
        )
    if entry.licence == "unknown":
        console.say("Its licence is unknown; add it again with --licence if you know it.")
    return ExitCode.DONE


_ADD_EXAMPLES = """\
  kindmark models add usb/mine.gguf --name mine --licence Apache-2.0
  kindmark models add usb/qwen.gguf --name qwen2.5-1.5b    in place of pulling that base
"""


def pull(argv: Sequence[str]) -> int:
    """Fetch a base from the hub."""
    parser = Parser("models pull", "Fetch a base from the hub.", _PULL_EXAMPLES)
    parser.add_argument("name", metavar="NAME", type=named)
    parser.add_argument("--weights", action="store_true", help="16 bits, to train and convert")
    args = parser.parse_args(argv)
    from runtime.judge import hub  # noqa: PLC0415

    entry, store = model_shelf().named(args.name).entry, model_store()
    if args.weights:
        console.say(f"Done: {hub.pull_weights(entry, store, console.say)}")
        return ExitCode.DONE
    for path in hub.pull_files(entry, store, console.say):
        console.say(f"Done: {path}")
    console.say(f"Its licence: {entry.licence} ({entry.source})")
    return ExitCode.DONE


_PULL_EXAMPLES = """\
  kindmark models pull qwen2.5-1.5b              a GGUF file, to mark with
  kindmark models pull qwen2.5-1.5b --weights    the weights, to train on and to convert
"""


def verify(argv: Sequence[str]) -> int:
    """Read every byte of one model, or of all that are here."""
    parser = Parser("models verify", "Read every byte of the models and compare hashes.", "")
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="all that are here")
    args = parser.parse_args(argv)
    from runtime.judge.removing import state_of  # noqa: PLC0415

    shelf = model_shelf()
    models = [shelf.named(args.name)] if args.name else shelf.models
    worst = ExitCode.DONE
    for model in models:
        for name, state in state_of(model, hashes=True).items():
            sys.stdout.write(f"{state.value:8} {model.folder / name}\n")
            # Without a name, a base that nobody has fetched is nothing to complain of.
            if state is State.DAMAGED or (args.name and state is State.MISSING):
                worst = ExitCode.MODEL_UNUSABLE
    return worst


def use(argv: Sequence[str]) -> int:
    """Choose the model that marks unless another is named."""
    parser = Parser("models use", "Choose what marks unless --model says otherwise.", _USE_EXAMPLES)
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="or a GGUF file")
    parser.add_argument("--default", action="store_true", help="what comes with Kindmark")
    args = parser.parse_args(argv)
    if bool(args.name) is args.default:
        parser.error("give a name, or --default")
    from runtime.preferences import Preferences, keep  # noqa: PLC0415

    found = located(args.name)
    # A relative name of a file would mean another one in the next folder.
    kept = str(found.path.resolve()) if found and not found.entry else found.name if found else ""
    for note in _unused(found):
        console.say(note)
    path = keep(Preferences(model=kept))
    console.say(f"From now on {kept or DEFAULT} marks ({path}).")
    return ExitCode.DONE


def _unused(found: Located | None) -> tuple[str, ...]:
    if not found or not found.adapters:
        return ()
    from runtime.judge.llm.opening import unused  # noqa: PLC0415

    return unused(found)


_USE_EXAMPLES = """\
  kindmark models use qwen2.5-1.5b    a base, or an adapter by its name
  kindmark models use usb/mine.gguf   any decoder with a chat template
  kindmark models use --default       what comes with Kindmark
"""


def remove(argv: Sequence[str]) -> int:
    """Take a model out of the store."""
    parser = Parser("models remove", "Take a model and its heads out of the store.", "")
    parser.add_argument("name", metavar="NAME", type=named)
    parser.add_argument("--keep-files", action="store_true", help="only forget it")
    args = parser.parse_args(argv)
    from runtime.judge import removing  # noqa: PLC0415

    removed = removing.remove(args.name, model_store(), keep_files=args.keep_files)
    for path in removed:
        console.say(f"Removed {path}")
    console.say(f"{args.name} is out of the catalogue.", quiet=bool(removed))
    return ExitCode.DONE


def _facts(model: Shelved) -> Iterator[tuple[str, str]]:
    entry = model.entry
    yield from (("name", entry.name), ("kind", entry.kind), ("title", entry.title))
    yield from (("base", entry.base), ("licence", entry.licence), ("source", entry.source))
    yield "citation", entry.citation
    yield "parameters", f"{entry.parameters:,}" if entry.parameters else ""
    yield "memory", f"about {entry.memory_mb:,} MB" if entry.memory_mb else ""
    yield from _training(entry)
    yield from _fits(model)
    if entry.hub:
        yield "weights", f"{entry.hub.weights} {entry.hub.revision}"
        yield "GGUF", f"{entry.hub.gguf} {entry.hub.gguf_revision}"
    for file in entry.file:
        size = f"{file.bytes:,} bytes" if file.bytes else "size not pinned"
        yield "file", f"{model.folder / file.name}, {size}, sha256 {file.sha256 or 'not pinned'}"


def _fits(model: Shelved) -> Iterator[tuple[str, str]]:
    """Tell what was fitted here under this name; whether to the same file, marking looks."""
    from runtime.judge.llm.fits import all_fits  # noqa: PLC0415

    for one in all_fits(model_store()):
        if one.name == model.entry.name:
            figures = ", ".join(f"{name} {value:.3f}" for name, value in one.held_out.items())
            yield (
                "calibrated",
                f"{one.prompt}: temperature {one.temperature:.3g} from {one.answers} answers to "
                f"{one.questions} questions, {one.fitted} (on other questions: {figures})",
            )


def _training(entry: Entry) -> Iterator[tuple[str, str]]:
    trained = entry.trained
    if not trained:
        return
    yield "trained", f"{trained.recipe}, stage {trained.stage} ({trained.purpose})"
    yield "prompt", f"{trained.prompt} (contract {trained.contract[:12]})" if trained.prompt else ""
    yield "labels", ", ".join(trained.labels)
    yield "temperature", f"{trained.temperature:g}" if trained.labels else ""
    yield "cuts", ", ".join(f"{cut:.3g}" for cut in trained.cuts)
