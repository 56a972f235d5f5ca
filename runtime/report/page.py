"""One HTML page that needs nothing else: no network, no scripts, light and dark, on paper too.

    write_page(Page(title="...", lead="...", sections=(...)), Path("report.html"))

What children wrote stands in it as text: Jinja escapes everything but our own SVG.
"""

import os
from pathlib import Path

import msgspec

from runtime.errors import BadInputError, reason_of
from runtime.report.comparison import percent
from runtime.report.plots import Plot
from runtime.report.worst import Disagreement
from runtime.words import _, current

MOST_SHOWN = 1500
"""Characters of one text that are quoted: some 250 words, enough to see what it is about."""

_HERE = Path(__file__).parent


class Cell(msgspec.Struct, frozen=True):
    """A cell of a table; ``shade`` (0..1) colours it, ``tone`` is "good", "bad" or ""."""

    text: str
    shade: float = 0.0
    tone: str = ""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table. The first column names the row; ``corner`` stands above it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    corner: str = ""


class Tile(msgspec.Struct, frozen=True):
    """One figure in large type, what it is, and what it means."""

    value: str
    name: str
    meaning: str


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A heading with what stands below it, in this order."""

    heading: str
    text: tuple[str, ...] = ()
    tiles: tuple[Tile, ...] = ()
    tables: tuple[Table, ...] = ()
    plots: tuple[Plot, ...] = ()
    cases: tuple[Disagreement, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A whole report."""

    title: str
    lead: str
    sections: tuple[Section, ...]
    foot: str = ""


def html(page: Page) -> str:
    """Return the page as HTML; the same page gives the same bytes."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415
    from markupsafe import Markup  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["drawn"] = Markup
    environment.filters["percent"] = percent
    environment.filters["excerpt"] = _excerpt
    style = Markup((_HERE / "page.css").read_text("utf-8"))
    return environment.get_template("page.html").render(page=page, style=style, language=current())


def _excerpt(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]} …"


def check_place(path: Path) -> None:
    """Raise ``BadInputError`` if no report can be written to ``path``."""
    if path.is_dir():
        raise BadInputError(
            _("{path} is a folder.").format(path=path), _("Name a file in it, such as report.html.")
        )
    if path.suffix.lower() not in {".html", ".htm"}:
        raise BadInputError(
            _("{path} does not end in .html, and a report is a web page.").format(path=path),
            _("Call it report.html."),
        )
    if not path.parent.is_dir():
        raise BadInputError(
            _("{path} cannot be written: there is no folder {folder}.").format(
                path=path, folder=path.parent
            ),
            _("Make the folder first."),
        )
    if not os.access(path.parent, os.W_OK):
        raise BadInputError(
            _("{path} cannot be written: permission denied.").format(path=path),
            _("Choose another folder."),
        )


def write_page(page: Page, path: Path) -> None:
    """Write the page; it is either whole or not there. Raises ``BadInputError`` if it cannot."""
    check_place(path)
    part = path.with_name(path.name + ".part")
    try:
        # Half a surrogate pair, which UTF-8 has no room for, becomes "?".
        part.write_text(html(page), "utf-8", errors="replace")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BadInputError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=reason_of(error)),
            _("Make room, or choose another folder."),
        ) from None
