"""Errors: why the operating system refused, in the language in use."""

import errno
import os
from collections.abc import Iterator

import pytest

from runtime import words
from runtime.errors import reason_of

USUAL = (errno.EACCES, errno.ENOENT, errno.ENOSPC, errno.EROFS, errno.EISDIR, errno.EIO)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    yield
    words.use("en")


@pytest.mark.parametrize("number", USUAL)
def test_usual_reasons_are_told_in_the_language_in_use(number: int) -> None:
    error = OSError(number, os.strerror(number))
    assert reason_of(error) == os.strerror(number)
    words.use("it")
    assert reason_of(error) != os.strerror(number)


def test_a_reason_without_words_names_the_error() -> None:
    words.use("it")
    assert reason_of(FileNotFoundError()) == "FileNotFoundError"
