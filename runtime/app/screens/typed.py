"""Keeps what was typed while a screen says everything anew.

with typed_kept(screen):
    await screen.recompose()
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea


@contextmanager
def typed_kept(screen: Screen[Any]) -> Iterator[None]:
    """Keep what stands in fields that have an id, and which of them has the focus."""
    inputs = {field.id: field.value for field in screen.query(Input)}
    areas = {area.id: area.text for area in screen.query(TextArea)}
    focused = screen.focused.id if screen.focused else None
    yield
    for field in screen.query(Input):
        field.value = inputs.get(field.id, field.value)
    for area in screen.query(TextArea):
        if area.id in areas:
            area.text = areas[area.id]
    found = screen.query(f"#{focused}") if focused else None
    if found:
        screen.set_focus(found.first(Widget))
