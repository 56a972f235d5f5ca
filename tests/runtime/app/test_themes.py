"""The colours can be read by people who see little contrast (WCAG 2.2)."""

import pytest
from textual.color import Color
from textual.theme import Theme

from runtime.app.themes import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, THEMES, theme_for

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
        ("auto", "", LIGHT),
        ("auto", "nonsense", LIGHT),
    ],
)
def test_a_setting_names_a_theme(
    setting: str, terminal: str, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORFGBG", terminal)
    assert theme_for(setting) is theme
