"""Lines as a child sees them: numbered in the editor, empty ones too.

line_number(item, 0)      the number beside the first step of the working
"""

from runtime.marking.item import Item


def line_number(item: Item, step: int) -> int:
    """Return the number that stands beside a step (0-based) in the editor and on the card."""
    lines = item.lines()
    if not item.answer or step >= len(lines):
        return step + 1
    return item.text[: lines[step].start].count("\n") + 1
