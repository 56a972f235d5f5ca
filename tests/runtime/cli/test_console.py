"""stderr: progress and errors, with and without a terminal."""

import io
import sys

import pytest

from runtime.cli import console
from runtime.errors import BadInputError


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put a terminal in place of stderr; called in tests, since pytest replaces stderr before."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return stream


ERROR = BadInputError("There is no file [x].", "Is :y: meant?")


class TestErrors:
    def test_a_panel_on_a_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stream = terminal(monkeypatch)
        console.show_error(ERROR)
        text = stream.getvalue()
        assert "This input cannot be used" in text
        assert "There is no file [x]." in text
        assert "Is :y: meant?" in text
        assert "\x1b[31m" in text

    def test_no_colour_if_asked_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stream = terminal(monkeypatch)
        monkeypatch.setenv("NO_COLOR", "1")
        console.show_error(ERROR)
        assert "\x1b[31m" not in stream.getvalue()

    def test_plain_lines_elsewhere(self, capsys: pytest.CaptureFixture[str]) -> None:
        console.show_error(ERROR)
        assert capsys.readouterr().err == "kindmark: There is no file [x].\nIs :y: meant?\n"

    def test_no_remedy_no_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        console.show_error(BadInputError("No."))
        assert capsys.readouterr().err == "kindmark: No.\n"


class TestProgress:
    def test_a_bar_on_a_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stream = terminal(monkeypatch)
        with console.progress(total=4, start=1, quiet=False) as show:
            show(3)
        assert "Marking" in stream.getvalue()

    def test_a_line_each_tenth_elsewhere(self, capsys: pytest.CaptureFixture[str]) -> None:
        with console.progress(total=40, start=0, quiet=False) as show:
            for done in range(1, 41):
                show(done)
        lines = capsys.readouterr().err.splitlines()
        assert lines == [f"{done} of 40 marked" for done in range(4, 40, 4)]

    def test_a_line_after_a_while(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(console, "PLAIN_SECONDS", 0.0)
        with console.progress(total=1000, start=0, quiet=False) as show:
            show(1)
        assert capsys.readouterr().err == "1 of 1000 marked\n"

    def test_quiet(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stream = terminal(monkeypatch)
        with console.progress(total=4, start=0, quiet=True) as show:
            show(4)
        console.say("hello", quiet=True)
        assert stream.getvalue() == ""
