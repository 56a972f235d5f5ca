"""How far marking is and what came of it, in words.

figures(progress)            "12 of 60 answers · 4 a second · about 12 seconds left"
result_words(progress)       "! 3 of them need your eye: Enter shows those first."
"""

from runtime.app.widgets.durations import duration_words
from runtime.desk.progress import Progress
from runtime.words import _, ngettext


def figures(progress: Progress) -> str:
    """Return the numbers of a job as a line."""
    parts = [_("{done} of {total} answers").format(done=progress.done, total=progress.total)]
    if progress.per_second and not progress.ended:
        parts.append(_rate(progress.per_second))
    if progress.seconds_left is not None and not progress.ended:
        left = duration_words(progress.seconds_left)
        parts.append(_("about {time} left").format(time=left))
    return " · ".join(parts)


def result_words(progress: Progress) -> str:
    """Return what came of it so far: what a teacher need not look at, and what is to be seen."""
    if not progress.done:
        return ""
    if not progress.to_review:
        return _("None of them needs your eye.") if progress.ended else ""
    said = ngettext(
        "! {count} of them needs your eye: Enter shows it first.",
        "! {count} of them need your eye: Enter shows those first.",
        progress.to_review,
    )
    return said.format(count=progress.to_review)


def _rate(per_second: float) -> str:
    """Return a pace as a number one can picture: a model may take minutes for an essay."""
    if per_second >= 1:
        return _("{rate} a second").format(rate=f"{per_second:.0f}")
    return _("{rate} a minute").format(rate=f"{per_second * 60:.0f}")
