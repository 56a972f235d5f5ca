"""Evidence for short answers and essays."""

from runtime.marking.writing.manipulation import find_manipulation
from runtime.marking.writing.report import WritingReport, examine

__all__ = ["WritingReport", "examine", "find_manipulation"]
