"""What llama.cpp prints becomes log records, line by line, at its own level."""

import logging

import pytest

from runtime.judge import logs


def test_pieces_become_lines_at_the_level_they_began_with(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logs.LOGGER.name)
    lines = logs._Lines()
    for level, piece in [(2, "loading "), (5, "model\n"), (4, "out of memory\nno "), (5, "way\n")]:
        lines.add(level, piece)
    assert [(r.levelname, r.message) for r in caplog.records] == [
        ("INFO", "loading model"),
        ("ERROR", "out of memory"),
        ("ERROR", "no way"),
    ]


def test_an_unfinished_line_waits(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logs.LOGGER.name)
    logs._Lines().add(2, "no end yet")
    assert caplog.records == []
