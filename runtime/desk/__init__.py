"""The marking desk without a screen: import, mark, review, recalibrate, analyse, report.

desk = Desk(app.store, app.worker)                 see ``desk.py`` for which calls take long
preview = desk.look_at("class.csv", class_id)
taken = desk.take(preview, "Fractions, test 2")
job = desk.mark(taken.session.id, told=post)       marks by itself; job.pause(), job.stop()
scope = Scope(session_id=taken.session.id)
lines = desk.lines(scope, limit=200)               what needs review first
desk.change(lines[0].answer_id, verdict=Verdict.PARTIAL)
found = desk.foresee(lines[0].answer_id).result()  found.changes: what else would change
desk.apply(found)
desk.undo()                                        step by step, the last one first
analysis = desk.analyse(scope).result()
desk.write_report(analysis, Path("report.html"))
"""

from runtime.desk.desk import Desk
from runtime.desk.scope import Scope

__all__ = ["Desk", "Scope"]
