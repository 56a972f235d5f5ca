"""Which question comes next."""

from runtime.study.choosing import Question, choose

ADD, TIMES, SHARE = (Question(1, "add"), Question(2, "times"), Question(3, "share"))


def test_the_skill_that_is_known_least_comes_next() -> None:
    assert choose((ADD, TIMES, SHARE), {"add": 0.8, "times": 0.2, "share": 0.5}) == TIMES


def test_two_of_a_kind_do_not_follow_each_other_unless_nothing_else_is_left() -> None:
    more = Question(4, "times")
    known = {"add": 0.8, "times": 0.1}
    assert choose((more, ADD), known, last="times") == ADD
    assert choose((more,), known, last="times") == more


def test_what_is_due_comes_before_everything_else() -> None:
    assert choose((ADD, TIMES, SHARE), {"times": 0.0}, due=(3, 1)) == SHARE


def test_what_is_mastered_or_was_right_comes_last() -> None:
    assert choose((ADD, TIMES), {"add": 0.96, "times": 0.9}) == TIMES
    done = Question(5, "new", done=True)
    assert choose((done, ADD), {"add": 0.96}) == ADD


def test_at_the_same_level_the_order_of_the_set_holds() -> None:
    assert choose((TIMES, ADD), {}) == TIMES
    assert choose((), {}) is None
