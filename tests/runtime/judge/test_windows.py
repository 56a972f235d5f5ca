import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from runtime.judge.windows import cut, join


def test_a_short_text_is_one_window() -> None:
    assert cut(10, 10, 4) == [(0, 10, 0, 10)]


def test_neighbours_share_tokens_and_split_them_in_the_middle() -> None:
    assert cut(16, 10, 4) == [(0, 10, 0, 8), (6, 16, 8, 16)]


@given(st.integers(0, 3000), st.integers(2, 254), st.data())
def test_every_token_is_kept_once_with_context(length: int, size: int, data: st.DataObject) -> None:
    overlap = data.draw(st.integers(0, size // 2))
    windows = cut(length, size, overlap)
    kept = [i for w in windows for i in range(w.keep_from, w.keep_to)]
    assert kept == list(range(length))
    for w in windows:
        assert w.stop - w.start <= size
        assert w.start == 0 or w.keep_from - w.start >= overlap // 2
        assert w.stop == length or w.stop - w.keep_to >= overlap // 2


def test_joining_takes_each_token_from_its_window_and_averages_the_frame() -> None:
    windows = cut(16, 10, 4)
    parts = [
        np.array([[0.0], *([float(i)] for i in range(w.start, w.stop)), [4.0 * n]], np.float32)
        for n, w in enumerate(windows)
    ]
    assert join(windows, parts)[:, 0].tolist() == [0, *range(16), 2]
