"""What a study session is, without a screen: questions, answers, hints, progress, in the records.

    session = StudySession.start(store, learner, set_id)
    kept = session.submit(text)
    card = session.marked(kept.answer_id, mark)

``session`` holds it together; ``knowledge`` works out from all answers what is known and what comes
back (``mastery``, ``schedule``), ``choosing`` what comes next; ``standing`` says where a question
is, ``hints`` and ``card`` what a child is told, ``overview`` and ``farewell`` what stands before
and after.
"""
