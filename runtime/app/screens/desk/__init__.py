"""The teacher's desk: classes and their sets, marking, reviewing, what was hard, reports.

``home`` is where one comes in. All rules are in ``runtime.desk``; ``doings`` holds what goes on
behind the screens: the desk itself, the marking job, the steps that can be undone.
"""
