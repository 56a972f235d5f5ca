"""What a stage has learned: measured before and after it on the same held-out rows.

found = {"labels": evaluate_classification(right, probabilities, classes, groups)}
save(found, folder / "before.json")
write_run_report(run)               report.html of a whole run folder
"""

from train.evaluation.changes import Change, change, changes
from train.evaluation.evaluation import Evaluation, Evaluations, load, save
from train.evaluation.measuring import (
    evaluate_classification,
    evaluate_preferences,
    evaluate_replies,
    evaluate_scores,
)
from train.evaluation.run_report import write_run_report

__all__ = [
    "Change",
    "Evaluation",
    "Evaluations",
    "change",
    "changes",
    "evaluate_classification",
    "evaluate_preferences",
    "evaluate_replies",
    "evaluate_scores",
    "load",
    "save",
    "write_run_report",
]
