"""The colours can be read by people who see little contrast (WCAG 2.2)."""

import pytest
from textual.color import Color
from textual.theme import Theme

from runtime.app.themes import (
    CONTRAST_DARK,
    CONTRAST_LIGHT,
    DARK,
    LIGHT,
    THEMES,
    has_colours,
    theme_for,
)

_TEXTS = ("foreground", "primary", "secondary", "success", "warning", "error", "accent")
_GROUNDS = ("background", "surface", "panel")


def luminance(colour: Color) -> float:
    def linear(share: float) -> float:
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part / 255) for part in colour.rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(Color.parse(c)) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("text", _TEXTS)
@pytest.mark.parametrize("ground", _GROUNDS)
def test_text_stands_out(theme: Theme, text: str, ground: str) -> None:
    least = 7.0 if "contrast" in theme.name else 4.5
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= least


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", _GROUNDS)
def test_what_is_said_quietly_stands_out_as_well(theme: Theme, ground: str) -> None:
    least = 7.0 if "contrast" in theme.name else 4.5
    assert contrast(theme.variables["text-muted"], getattr(theme, ground)) >= least


@pytest.mark.parametrize(
    ("setting", "terminal", "theme"),
    [
        ("light", "15;0", LIGHT),
        ("dark", "", DARK),
        ("contrast-light", "", CONTRAST_LIGHT),
        ("contrast-dark", "", CONTRAST_DARK),
        ("auto", "15;0", DARK),
        ("auto", "0;15", LIGHT),
        ("auto", "0;default;7", LIGHT),
        ("auto", "", DARK),
        ("auto", "nonsense", DARK),
    ],
)
def test_a_setting_names_a_theme(
    setting: str, terminal: str, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORFGBG", terminal)
    assert theme_for(setting) is theme


@pytest.mark.parametrize(("said", "theme"), [(True, DARK), (False, LIGHT)])
def test_what_the_terminal_said_itself_comes_first(
    said: bool, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORFGBG", "0;15" if said else "15;0")
    assert theme_for("auto", said) is theme
    assert theme_for("contrast-light", said) is CONTRAST_LIGHT


def test_without_shades_edges_tell_what_is_what() -> None:
    assert theme_for("auto", shades=False) is CONTRAST_DARK
    assert theme_for("light", shades=False) is LIGHT


@pytest.mark.parametrize(
    ("term", "has"),
    [("xterm-256color", True), ("", True), ("vt100", False), ("xterm-mono", False)],
)
def test_old_terminals_have_no_colours(
    term: str, has: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    assert has_colours() is has
