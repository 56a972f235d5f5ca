"""Worked solutions of hub datasets in the form our models are to write."""

import re

from runtime.judge.prompt import solution_answer

_CALCULATOR = re.compile(r"<<[^<>]*>>")
"""Notes that GSM8K gives a calculator (Cobbe et al. 2021): "48/2 = <<48/2=24>>24"."""

_LAST_LINE = re.compile(r"\n#### *(.+)\s*\Z")


def plain_solution(text: str) -> str:
    """Return a solution in GSM8K's form in ours; any other text as it is."""
    found = _LAST_LINE.search(text)
    if not found:
        return text
    return solution_answer(_CALCULATOR.sub("", text[: found.start()]), found[1])
