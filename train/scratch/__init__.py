"""A small causal model trained from scratch on simulated maths marking: the practice judge.

    kindmark train practice-judge --out runs/practice-judge     half an hour on two cores
    python -m convert.practice runs/practice-judge --out models

It needs no download, so that the path of an LLM judge (prompts, scores, grammar, streaming) can be
tried anywhere and is seen to mean something. It is not for marking children.
"""
