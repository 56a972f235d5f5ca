"""Spans of time as people say them.

duration_words(150)       "3 minutes"
"""

from runtime.words import ngettext

_MINUTE, _HOUR = 60, 3600


def duration_words(seconds: float) -> str:
    """Return a span in its largest fitting unit, rounded: it is a guess anyway."""
    if seconds < 1.5 * _MINUTE:
        count = max(1, round(seconds))
        return ngettext("{count} second", "{count} seconds", count).format(count=count)
    if seconds < 1.5 * _HOUR:
        count = round(seconds / _MINUTE)
        return ngettext("{count} minute", "{count} minutes", count).format(count=count)
    count = round(seconds / _HOUR)
    return ngettext("{count} hour", "{count} hours", count).format(count=count)
