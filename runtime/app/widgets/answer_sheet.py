"""One answer with all that is known of it: what was asked and written, and what the marker says.

    sheet = AnswerSheet()
    sheet.show(desk.sheet(answer_id))

Both halves lie beside each other where it is wide enough, else one above the other.
"""

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from runtime.app.plain import shown
from runtime.app.widgets.bars import Bar, Bars
from runtime.app.widgets.marked_text import Pointer, marked_text, number_words
from runtime.app.widgets.verdicts import (
    label_words,
    percent_words,
    points_words,
    tone_of,
    verdict_words,
)
from runtime.desk.review import Sheet
from runtime.marking.mark import Mark
from runtime.words import _, number, retold

_MOST_SHOWN = 4000
"""Characters of a question, a reference or a source that are shown."""
WIDE = 110


class AnswerSheet(VerticalScroll):
    """Empty until ``show``."""

    DEFAULT_CSS = """
    AnswerSheet { height: 1fr; padding: 0 1; }
    AnswerSheet Vertical { height: auto; width: 1fr; }
    AnswerSheet .half { margin-right: 2; }
    AnswerSheet .name { color: $text-muted; margin-top: 1; }
    AnswerSheet .question { text-style: bold; margin-top: 1; }
    AnswerSheet .answer { border-left: thick $primary; padding-left: 1; }
    AnswerSheet .verdict { text-style: bold; }
    AnswerSheet.-wide { layout: horizontal; }
    AnswerSheet.-wide .marker { width: 52; max-width: 45%; }
    AnswerSheet .details { color: $text-muted; display: none; }
    AnswerSheet.-details .details { display: block; }
    .-large-text AnswerSheet .half { padding: 0 2; }
    """

    def compose(self) -> ComposeResult:
        """Yield a place for everything there may be."""
        with Vertical(classes="half work"):
            yield Static(classes="question")
            for part, name in (
                ("source", _("Source")),
                ("reference", _("Right answer")),
                ("answer", _("What was written")),
                ("evidence", _("What was found in it")),
            ):
                yield Static(name, classes=f"name of-{part}")
                yield Static(classes=part)
        with Vertical(classes="half marker"):
            yield Static(_("Mark"), classes="name of-verdict")
            yield Static(classes="verdict")
            yield Static(classes="standing")
            yield Static(_("How likely the marker found each"), classes="name of-bars")
            yield Bars(most=1.0)
            for part, name in (
                ("reasons", _("Why")),
                ("feedback", _("Said to the child")),
                ("comment", _("Your comment")),
            ):
                yield Static(name, classes=f"name of-{part}")
                yield Static(classes=part)
            yield Static(classes="details")

    def __init__(self) -> None:
        super().__init__()
        self._sheet: Sheet | None = None

    def on_mount(self) -> None:
        """Show what came before there was a place for it."""
        if self._sheet:
            self._draw(self._sheet)

    def on_resize(self) -> None:
        """Put the halves beside each other where there is room."""
        self.set_class(self.size.width >= WIDE, "-wide")

    def show(self, sheet: Sheet) -> None:
        """Show an answer, now or as soon as there is a place for it."""
        self._sheet = sheet
        if self.query(".question"):
            self._draw(sheet)

    def _draw(self, sheet: Sheet) -> None:
        self._update("question", Content(shown(sheet.item.question, _MOST_SHOWN)))
        self._update("source", Content(shown(sheet.item.source or "", _MOST_SHOWN)))
        self._update("reference", Content(shown(sheet.item.reference or "", _MOST_SHOWN)))
        pointers = pointers_of(sheet)
        self._update("answer", marked_text(sheet.item.text, pointers))
        self._update("evidence", Content("\n").join(_evidence(sheet, pointers)))
        verdict = self.query_one(".verdict", Static)
        verdict.update(Content(_verdict(sheet)))
        verdict.set_classes(f"verdict {tone_of(sheet.verdict)}")
        self._update("standing", Content("\n").join(map(Content, _standing(sheet))))
        self._show_bars(sheet)
        mark = sheet.mark
        self._update("reasons", Content("\n".join(_reasons(mark)) if mark else ""))
        # What was written for another verdict is not what the child should hear now.
        heard = mark.feedback if mark and mark.verdict is sheet.verdict else ""
        self._update("feedback", Content(shown(heard)))
        comment = sheet.override.comment if sheet.override else ""
        self._update("comment", Content(shown(comment)))
        self.query_one(".details", Static).update(Content("\n".join(_details(sheet))))
        self.scroll_home(animate=False)

    def _show_bars(self, sheet: Sheet) -> None:
        most = max((one.probability for one in sheet.bars), default=0.0)
        bars = self.query_one(Bars)
        bars.bars = tuple(
            Bar(
                label_words(one.label),
                one.probability,
                percent_words(one.probability),
                one.probability == most,
            )
            for one in sheet.bars
        )
        bars.display = self.query_one(".of-bars").display = bool(sheet.bars)

    def _update(self, part: str, content: Content) -> None:
        """Show a part, and its name above it; nothing of it where there is nothing to say."""
        static = self.query_one(f".{part}", Static)
        static.update(content)
        static.display = bool(content.plain)
        for name in self.query(f".of-{part}"):
            name.display = bool(content.plain)


def _reasons(mark: Mark) -> Iterator[str]:
    return (shown(retold(reason)) for reason in mark.reasons)


def pointers_of(sheet: Sheet) -> list[Pointer]:
    """Return what the findings point at, and the first line of working that does not hold."""
    found = [Pointer(one.start, one.end, retold(one.message)) for one in sheet.spans]
    wrong = sheet.mark.first_wrong_step if sheet.mark else None
    lines = sheet.item.lines()
    if wrong is not None and 0 <= wrong < len(lines):
        line = lines[wrong]
        if not any(one.start < line.end and line.start < one.end for one in found):
            found.append(Pointer(line.start, line.end, _("the first line that does not hold")))
    return sorted(found)


def _evidence(sheet: Sheet, pointers: list[Pointer]) -> Iterator[Content]:
    for place, one in enumerate(pointers, 1):
        said = Content(f" {shown(one.message)}")
        yield Content.styled(number_words(place), "$accent bold") + said
    for finding in sheet.mark.evidence if sheet.mark else ():
        if finding.span is None or finding.span[0] >= finding.span[1]:
            yield Content(f"· {shown(retold(finding.message))}")


def _verdict(sheet: Sheet) -> str:
    most = sheet.item.scale[1]
    points = points_words(sheet.score, most)
    return " · ".join(filter(None, (verdict_words(sheet.verdict), points)))


def _standing(sheet: Sheet) -> Iterator[str]:
    """Yield whose word it is and how sure the marker was."""
    mark = sheet.mark
    if sheet.override:
        yield _("✎ your word")
        if mark:
            before = " · ".join(
                filter(
                    None, (verdict_words(mark.verdict), points_words(mark.score, mark.max_score))
                )
            )
            yield _("The marker said: {verdict}").format(verdict=before)
        return
    if mark:
        yield _("{share} sure").format(share=percent_words(mark.confidence))
        if mark.needs_review:
            yield _("! please look at it")
        if sheet.recalibrated:
            yield _("It follows your marks of other answers.")


def _details(sheet: Sheet) -> Iterator[str]:
    """Yield what made the mark, and the marks before it."""
    yield ""
    yield _("Answer {id}, attempt {attempt}").format(id=shown(sheet.item.id), attempt=sheet.attempt)
    for name, digest in (sheet.mark.provenance if sheet.mark else {}).items():
        yield f"{shown(name)}: {shown(digest)}"
    if sheet.mark:
        yield _("Marked in {seconds} s").format(seconds=number(sheet.mark.seconds, ".2f"))
    for one in sheet.marks:
        at = f"{one.at.astimezone():%Y-%m-%d %H:%M}"
        yield f"{at}  {verdict_words(one.mark.verdict)}  {percent_words(one.mark.confidence)}"
