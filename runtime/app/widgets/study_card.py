"""What a child sees of a mark: what is right first, then the working with the place to look at.

    card_widget.show(card)

Lines that hold have a tick, the first wrong one an arrow; findings are underlined and told below.
"""

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content, Span
from textual.widgets import Static

from runtime.app.plain import one_line, shown
from runtime.marking.mark import Verdict
from runtime.study.card import Card, Finding
from runtime.study.traits import Traits
from runtime.words import _, ngettext, number

_SIGNS = {
    Verdict.CORRECT: ("✓", "$success"),
    Verdict.PARTIAL: ("◐", "$warning"),
    Verdict.INCORRECT: ("↻", "$warning"),
    Verdict.UNMARKED: ("…", "$primary"),
}
_MOST_SHOWN = 8000
"""Characters of an answer that are drawn: a long essay; what is behind that is counted."""


class StudyCard(VerticalScroll):
    """The card, by lines of plain text; it scrolls if it is long."""

    DEFAULT_CSS = """
    StudyCard { height: 1fr; min-height: 4; border: round $primary; padding: 0 1; }
    StudyCard:focus { border: round $accent; }
    StudyCard Static { height: auto; }
    StudyCard .card-heading { text-style: bold; }
    StudyCard .card-own { margin: 1 0; }
    StudyCard .card-question { color: $secondary; }
    """

    def compose(self) -> ComposeResult:
        """Yield the parts, empty."""
        yield Static(classes="card-heading")
        yield Static(classes="card-right")
        yield Static(classes="card-own")
        yield Static(classes="card-look")
        yield Static(classes="card-question")

    def show(self, card: Card) -> None:
        """Show a card from its top."""
        parts = {
            "heading": _heading(card),
            "right": Content("\n").join(Content(f"✓ {shown(one)}") for one in _rights(card)),
            "own": own_text(card),
            "look": Content("\n").join(_looks(card)),
            "question": Content(f"? {card.question}" if card.question else ""),
        }
        for name, content in parts.items():
            part = self.query_one(f".card-{name}", Static)
            part.update(content)
            part.display = bool(content.plain)
        self.scroll_home(animate=False)


def _heading(card: Card) -> Content:
    sign, colour = _SIGNS[card.verdict]
    return Content.assemble((f"{sign} {card.heading}", colour))


def _rights(card: Card) -> tuple[str, ...]:
    return (*card.right, card.traits.praise) if card.traits else card.right


def own_text(card: Card) -> Content:
    """Return the child's text line by line, with signs before and underlines in it."""
    text = card.text[:_MOST_SHOWN]
    lines = []
    at = count = 0
    every = text.split("\n")
    width = len(str(len(every)))
    for place, line in enumerate(every, start=1):
        body = line.rstrip("\r")
        # Two blanks, as in the editor: "1 3/4" would be a mixed number.
        told = (f"{place:{width}}  ", "$text-muted") if card.numbered else ""
        parts = (_sign(card, at, body, count), told, _marked(card, at, body))
        lines.append(Content.assemble(*parts))
        count += bool(body.strip())
        at += len(line) + 1
    rest = len(card.text) - len(text)
    if rest:
        lines.append(Content(f"… (+{number(rest)})"))
    return Content("\n").join(lines)


def _sign(card: Card, start: int, body: str, count: int) -> tuple[str, str]:
    if not card.numbered:
        return ("", "")
    if card.wrong_line and start <= card.wrong_line[0] < start + max(1, len(body)):
        return ("➤ ", "bold $warning")
    return ("✓ ", "$success") if body.strip() and count < card.right_lines else ("  ", "")


def _marked(card: Card, start: int, body: str) -> Content:
    """Return a line with its findings underlined; what is drawn may be longer than what stands."""
    pieces, spans, length, at = [], [], 0, 0
    for finding in _in_line(card.findings, start, body):
        first, last = max(at, finding.start - start), min(len(body), finding.end - start)
        before, found = shown(body[at:first]), shown(body[first:last])
        pieces += [before, found]
        spans.append(Span(length + len(before), length + len(before) + len(found), "underline"))
        length += len(before) + len(found)
        at = last
    pieces.append(shown(body[at:]))
    return Content("".join(pieces), spans=spans)


def _in_line(findings: tuple[Finding, ...], start: int, body: str) -> Iterator[Finding]:
    """Yield the findings that touch a line, in order; none inside another."""
    reached = start
    for one in sorted(findings, key=lambda one: one.start):
        if one.start < start + len(body) and one.end > reached:
            yield one
            reached = one.end


def _looks(card: Card) -> Iterator[Content]:
    if card.traits:
        yield Content(f"➤ {shown(card.traits.next_step)}")
    for one in card.look:
        yield Content(f"➤ {shown(one)}")
    for finding in card.findings:
        if finding.text:
            yield Content(f"➤ {one_line(finding.text, 120)}")
    if card.note:
        yield Content(shown(card.note))
    if card.traits:
        yield Content(_measured(card.traits))


def _measured(traits: Traits) -> str:
    """Return the words and the levels of a rubric, in one line where they fit."""
    count = ngettext("{count} word", "{count} words", traits.word_count)
    said = [count.format(count=traits.word_count)]
    for name, level, most in traits.levels:
        out_of = _("{name}: {level} of {most}") if most else "{name}: {level}"
        values = {"name": one_line(name, 40), "level": f"{level:g}", "most": f"{most:g}"}
        said.append(out_of.format(**values))
    return " · ".join(said)
