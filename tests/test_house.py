"""The house rules: format, types and arrows hold, the core stays light, no weights slip in."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = ("runtime", "train", "convert", "tests", "benchmarks")
MOST_BYTES = 1_000_000
"""Nothing we write by hand is larger, and every model file is."""


def run(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def imported(code: str) -> set[str]:
    """Return the top-level modules that are loaded after running ``code``."""
    end = "\nimport sys; print('\\n' + ' '.join({m.partition('.')[0] for m in sys.modules}))"
    return set(run("-c", code + end).splitlines()[-1].split())


def test_ruff_finds_nothing() -> None:
    run("-m", "ruff", "check", *CODE)


def test_the_format_is_ruffs() -> None:
    run("-m", "ruff", "format", "--check", *CODE)


def test_types_hold() -> None:
    run("-m", "mypy")


def test_arrows_hold() -> None:
    run("-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())")


def test_the_marking_core_is_light() -> None:
    heavy = {"llama_cpp", "textual", "rich", "torch", "sympy", "numpy", "gguf", "sqlite3"}
    assert not imported("import runtime.marking.marker") & heavy


def test_reading_and_writing_need_no_model() -> None:
    heavy = {"llama_cpp", "rich", "torch", "sympy", "numpy"}
    assert not imported("import runtime.records.class_set, runtime.records.csv_marks") & heavy


def test_help_imports_nothing_heavy() -> None:
    heavy = {"numpy", "rich", "llama_cpp", "msgspec", "sympy", "platformdirs"}
    assert not imported("from runtime.cli.main import main; main(['--help'])") & heavy


@pytest.mark.parametrize("command", ["grade", "demo", "eval", "models", "doctor"])
def test_help_of_a_command_imports_no_model(command: str) -> None:
    code = f"from runtime.cli.main import main; main(['{command}', '--help'])"
    assert not imported(code) & {"llama_cpp", "sympy", "gguf", "torch"}


def test_no_weights_but_our_own_are_tracked() -> None:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a checkout")
    paths = [ROOT / name for name in done.stdout.decode().split("\0") if name]
    large = [str(path) for path in paths if path.is_file() and path.stat().st_size > MOST_BYTES]
    weights = [
        str(path)
        for path in paths
        # Adapters of ours are small, and ship.
        if path.suffix in {".gguf", ".safetensors", ".bin"} and ROOT / "models" not in path.parents
    ]
    assert large + weights == []
