"""Draws with matplotlib into SVG that is part of a page: its colours, its letters, no links.

    with canvas() as axes:
        axes.plot([0, 1], [0, 1], color=ACCENT)
    svg = axes ...

matplotlib is an extra (``pip install 'kindmark[plots]'``) and takes a second to import.
"""

import io
import re
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Colours nobody would draw with, exchanged for those of the page, light or dark.
INK = "#010203"
ACCENT = "#010204"
SECOND = "#010205"
FAINT = "#010206"
PAPER = "#010207"
_ON_PAGE = {
    INK: "var(--ink)",
    ACCENT: "var(--accent)",
    SECOND: "var(--second)",
    FAINT: "var(--faint)",
    PAPER: "var(--paper)",
}

_STYLE = {
    # Text stays text: it can be read aloud, searched, and takes the page's letters.
    "svg.fonttype": "none",
    # Ids are hashes of what they name and this word, not random.
    "svg.hashsalt": "kindmark",
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "legend.fontsize": 10,
    "legend.labelcolor": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.alpha": 0.5,
    "grid.linewidth": 0.6,
}
_SILENT = {"Date": None, "Creator": None, "Format": None, "Type": None}

Draw = Callable[["Axes"], None]


def can_draw() -> bool:
    """Whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


def svg(name: str, draw: Draw, size: tuple[float, float] = (5.2, 3.6)) -> str:
    """Return an ``<svg>`` element; ``name`` keeps its ids apart from those of other plots.

    ``size`` is in inches of 72 points; on the page it scales. The same input gives the same bytes.
    """
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    drawn = io.StringIO()
    with mpl.rc_context(_STYLE):  # type: ignore[arg-type]  # Its stub lists keys one by one.
        figure = Figure(figsize=size, layout="constrained")
        figure.patch.set_alpha(0.0)
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.patch.set_alpha(0.0)
        draw(axes)
        figure.savefig(drawn, format="svg", metadata=_SILENT)
    return _embedded(drawn.getvalue(), name)


def _embedded(document: str, name: str) -> str:
    """Return the element alone: no prolog, no metadata, no addresses, colours of the page."""
    element = document[document.index("<svg") :].strip()
    element = re.sub(r"<metadata>.*?</metadata>\s*", "", element, flags=re.DOTALL)
    head = re.search(r'viewBox="([^"]*)"', element)
    box = head[1] if head else "0 0 1 1"
    element = f'<svg viewBox="{box}" aria-hidden="true"' + element[element.index(">") :]
    element = re.sub(r'( id="|url\(#|href="#)', rf"\g<1>{name}-", element)
    for colour, on_page in _ON_PAGE.items():
        element = element.replace(colour, on_page)
    return element
