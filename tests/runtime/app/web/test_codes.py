"""Who may come in from another machine."""

from runtime.app.web.codes import LONGEST_WAIT, PATIENCE, SESSIONS, Codes


def test_the_code_lets_one_browser_in_however_it_is_spaced() -> None:
    codes = Codes()
    code = codes.current
    session = codes.enter(code.replace("-", " "), now=0)
    assert session
    assert codes.knows(session)
    assert codes.current != code
    assert codes.enter(code, now=1) is None


def test_nobody_is_known_before() -> None:
    codes = Codes()
    assert not codes.knows("")
    assert not codes.knows("guess")


def test_wrong_codes_are_slowed_and_the_right_one_with_them() -> None:
    codes = Codes()
    now = 0.0
    for _ in range(3):
        assert codes.enter("0", now) is None
    assert codes.wait(now) == 1
    assert codes.enter(codes.current, now) is None
    assert codes.enter(codes.current, now + 1)


def test_waits_grow_to_a_limit_and_the_code_changes() -> None:
    codes = Codes()
    code, now = codes.current, 0.0
    for _ in range(PATIENCE):
        now += codes.wait(now)
        codes.enter("0", now)
    assert codes.wait(now) == LONGEST_WAIT
    assert codes.current != code


def test_the_earliest_browser_is_forgotten() -> None:
    codes = Codes()
    sessions = [codes.enter(codes.current, now=0) or "" for _ in range(SESSIONS + 1)]
    assert not codes.knows(sessions[0])
    assert all(map(codes.knows, sessions[1:]))
