"""Checks of written feedback, all by code: what may be shown to a child.

find_faults("Well done!", Told(item=item, verdict=Verdict.INCORRECT))
("It praises an answer that is wrong.",)
"""

from runtime.marking.feedback_check.checking import (
    LANGUAGES,
    find_faults,
    find_faults_for_teacher,
)
from runtime.marking.feedback_check.told import Told

__all__ = ["LANGUAGES", "Told", "find_faults", "find_faults_for_teacher"]
