"""The practice judge's settings, each with its reason."""

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One training run: steps on ``copies`` of tokens, ``drills`` on ends of answers, then
    ``steps`` on the true prompts.

    A step has ``questions`` questions with some six answers each.
    """

    copies: int = 150
    """Learning to look up what is copied comes first; comparing grows from it."""
    drills: int = 500
    """Comparing is learnt here, where an answer costs fifteen tokens instead of a hundred."""
    steps: int = 220
    """Enough to learn how the same is asked in full, and to write."""
    words: int = 110
    """More of the same, where most verdicts are followed by words and many prompts hold evidence:
    learnt last and with small steps, so that comparing is not forgotten."""
    words_rate: float = 8e-4
    seed: int = 0
    drill_questions: int = 24
    questions: int = 8
    drill_length: int = 256
    length: int = 512
    """Tokens a row: a class or two. Longer rows see more keys for nothing, and in shorter ones
    questions are read twice."""
    learning_rate: float = 1.5e-3
    """Five times what wide models bear; at twice as much gradients jump in a net this narrow."""
    spread: float = 0.05
    """Standard deviation of the first weights; at the usual 0.02 so narrow layers say nothing."""
    warmup: int = 30
    weight_decay: float = 0.1
    verdict_weight: float = 4.0
    """A verdict is one token of forty, and the one that matters; the others, which count 1, teach
    to copy from the reference."""
    told_weight: float = 1.0
    """Reasons and feedback are a few sentences, soon learnt."""
    lookup: bool = True
    """Begin with heads that look up what is copied (``first_weights``), for this width alone."""
    width: int = 128
    layers: int = 4
    heads: int = 4
    inner: int = 256

    @property
    def marking(self) -> int:
        """Steps of all kinds but the last."""
        return self.copies + self.drills + self.steps

    def tiny(self) -> "Settings":
        """Return the same in small: the whole path in seconds, and nothing learnt."""
        small = {"width": 64, "layers": 2, "inner": 128, "drill_length": 128, "length": 256}
        few = {"copies": 4, "drills": 4, "steps": 4, "words": 2, "drill_questions": 6}
        return msgspec.structs.replace(self, **small, **few, questions=2, warmup=2, lookup=False)
