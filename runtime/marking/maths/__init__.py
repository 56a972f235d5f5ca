"""Evidence for maths, by exact code: the final answer, its form and unit, the first wrong line."""

from runtime.marking.maths.examination import examine
from runtime.marking.maths.report import FinalAnswer, MathsReport, Outcome
from runtime.marking.maths.symbolic import SymbolicChecker

__all__ = ["FinalAnswer", "MathsReport", "Outcome", "SymbolicChecker", "examine"]
