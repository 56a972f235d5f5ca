"""Messages come out of the pipe as they went in, and cut ones as the end."""

import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.judge.worker.messages import (
    Compare,
    Failed,
    Heard,
    MarkItems,
    Open,
    Opened,
    Stop,
    read_reply,
    read_request,
    write,
)
from runtime.marking.events import Event
from runtime.marking.item import Item, Task

_ITEM = Item(id="a", task=Task.MATH, question="1+1?", answer="2\x00\u202e", scale=(0, 5))


@pytest.mark.parametrize(
    "request_",
    [Open(1, "some"), MarkItems(2, (_ITEM,), True), Compare(3, ("a", "b")), Stop(4)],
)
def test_requests(request_: Open | MarkItems | Compare | Stop) -> None:
    pipe = io.BytesIO()
    write(pipe, request_)
    write(pipe, Stop(9))
    pipe.seek(0)
    assert read_request(pipe) == request_
    assert read_request(pipe) == Stop(9)
    assert read_request(pipe) is None


@given(st.integers(1, 2**31), st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_replies(number: int, text: str) -> None:
    for reply in (
        Opened(number, text),
        Failed(number, text, text, "input"),
        Heard(number, Event(place=3, kind="reason", text=text)),
    ):
        pipe = io.BytesIO()
        write(pipe, reply)
        pipe.seek(0)
        assert read_reply(pipe) == reply


@given(st.integers(0, 20))
def test_a_message_that_was_cut_is_the_end(kept: int) -> None:
    pipe = io.BytesIO()
    write(pipe, Opened(1, "a title of some length"))
    cut = io.BytesIO(pipe.getvalue()[:kept])
    assert read_reply(cut) is None


def test_what_is_no_message_is_refused() -> None:
    pipe = io.BytesIO(b"\x00\x00\x00\x01\xc1")
    with pytest.raises(msgspec.DecodeError):
        read_reply(pipe)
