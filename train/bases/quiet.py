"""Keeps to itself what the libraries say to one another and no user can act on.

with library_talk(): model = get_peft_model(...)
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from transformers.utils import logging


@contextmanager
def library_talk() -> Iterator[None]:
    """Ignore that peft 0.21 calls transformers' checkpointing by names deprecated in 5.23."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`(is_)?gradient_checkpointing", FutureWarning)
        yield


@contextmanager
def bars_hidden(hidden: bool = True) -> Iterator[None]:
    """Hide transformers' progress bars for a while, or leave them as they are."""
    before = logging.is_progress_bar_enabled()
    _show(before and not hidden)
    try:
        yield
    finally:
        _show(before)


@contextmanager
def reports_hidden() -> Iterator[None]:
    """Hide transformers' report that a head is new: who loads checks what is missing himself."""
    before = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(before)


def _show(shown: bool) -> None:
    switch = logging.enable_progress_bar if shown else logging.disable_progress_bar
    switch()
