import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.marking.maths import Outcome, SymbolicChecker
from tests.runtime.marking.maths.helpers import report

_ECHO = (
    "import json, sys\n"
    "for line in sys.stdin:\n"
    "    reference, answer = json.loads(line)\n"
    "    if answer == 'die': sys.exit(3)\n"
    "    if answer == 'hang': sys.stdin.read()\n"
    "    print(json.dumps(reference == answer), flush=True)\n"
)


@pytest.fixture(scope="module")
def checker() -> Iterator[SymbolicChecker]:
    with SymbolicChecker() as started:
        yield started


@pytest.fixture
def small() -> Iterator[SymbolicChecker]:
    """A checker whose worker needs no SymPy and dies or hangs on demand."""
    with SymbolicChecker(timeout=0.2, command=(sys.executable, "-c", _ECHO)) as started:
        yield started


@pytest.mark.parametrize(
    ("reference", "answer", "equal"),
    [
        (r"\tan^2(y)+1", r"\sec^2(y)", True),
        (r"$[0,1)$", r"$[0,1)$", True),
        (r"$[0,9)$", r"$[0,1)$", False),
        (r"$-2 \le x \le 7$", r"$x \in [-2,7]$", True),
        (r"$a + 3z = 0$", "$0$", False),
        ("!!", "$0$", None),
    ],
)
def test_verdicts(
    checker: SymbolicChecker, reference: str, answer: str, equal: bool | None
) -> None:
    assert checker.equal(reference, answer) is equal


def test_examine_asks_for_what_it_cannot_read(checker: SymbolicChecker) -> None:
    reference, answer = r"$2\sin b\cos a$", r"$2\cos a\sin b$"
    assert report(answer, reference, checker=checker).outcome is Outcome.EQUAL
    alone = report(answer, reference)
    assert (alone.outcome, alone.sure) == (Outcome.DIFFERENT, False)


def test_schoolwork_starts_no_process() -> None:
    with SymbolicChecker(command=("/nowhere",)) as idle:
        assert report("6/8 cm", "0.75 cm", checker=idle).outcome is Outcome.EQUAL
        assert report("x = 4", "x = 5", checker=idle).sure
        assert report("y = 2x", "y = 2x + 1", checker=idle).sure
        assert report("x > 4", "x > 5", checker=idle).sure
        assert idle.process is None


def test_a_dead_worker_is_replaced(small: SymbolicChecker) -> None:
    assert small.equal("a", "a") is True
    assert small.equal("a", "die") is None
    assert small.equal("a", "b") is False


def test_a_hanging_worker_is_killed_and_replaced(small: SymbolicChecker) -> None:
    assert small.equal("a", "a") is True
    hanging = small.process
    assert small.equal("a", "hang") is None
    assert hanging is not None
    assert hanging.returncode is not None
    assert small.equal("a", "a") is True


def test_close_ends_the_worker(small: SymbolicChecker) -> None:
    small.equal("a", "a")
    process = small.process
    small.close()
    assert process is not None
    assert process.returncode is not None
    assert small.process is None


def test_a_worker_that_cannot_start_gives_no_verdict() -> None:
    with SymbolicChecker(command=("/nowhere",)) as checker:
        assert checker.equal("a", "a") is None


def test_long_texts_are_not_asked(small: SymbolicChecker) -> None:
    assert small.equal("a" * 3000, "a" * 3000) is None
    assert small.process is None


def test_the_core_imports_no_sympy() -> None:
    import subprocess  # noqa: PLC0415 - only this test starts an interpreter

    code = "import sys, runtime.marking.maths; print('sympy' in sys.modules)"
    root = Path(__file__).parents[4]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
