"""What a study session is, without a screen: questions, answers, hints, progress, in the records.

    session = StudySession.start(store, learner, set_id)
    kept = session.submit(text)
    card = session.marked(kept.answer_id, mark)

``session`` holds it together; ``choosing``, ``mastery`` and ``schedule`` say what comes next,
``hints`` and ``card`` what a child is told, ``overview`` and ``farewell`` what stands before and
after.
"""
