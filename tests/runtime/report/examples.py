"""Small made-up comparisons, and a page read back."""

from functools import cache
from html.parser import HTMLParser

import numpy as np

from runtime.report.comparison import Comparison, Sample, compare_classes, compare_scores

ROWS = 60
QUESTIONS = [f"q{row // 6}" for row in range(ROWS)]


@cache
def verdicts() -> Comparison:
    random = np.random.default_rng(1)
    labels = random.integers(0, 2, ROWS).astype(float)
    confidence = random.uniform(0.5, 1, ROWS)
    given = np.where(random.uniform(size=ROWS) < confidence, labels, 1 - labels)
    sample = Sample(labels, given, QUESTIONS)
    return compare_classes(sample, ("incorrect", "correct"), confidence.tolist())


@cache
def scores() -> Comparison:
    random = np.random.default_rng(2)
    labels = random.integers(0, 6, ROWS).astype(float)
    given = (labels + random.integers(-1, 2, ROWS)).clip(0, 5)
    return compare_scores(Sample(labels, given, QUESTIONS), (0.0, 5.0))


class Read(HTMLParser):
    """Which elements, ids and addresses a page has, and whether all elements are closed."""

    EMPTY = frozenset({"meta", "br", "img", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.labels: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        if tag not in self.EMPTY:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "href", "xlink:href", "action"}:
                self.addresses.append(value or "")
            if name == "aria-label":
                self.labels.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag
