"""Units of school books: names, abbreviations and plurals, with exact conversion.

Factors lead to metre, gram, square metre, cubic metre, second, degree, metre per second, byte
and the major coin. A child's spelling in English or Italian is looked up as it stands.
"""

import re
from fractions import Fraction

import msgspec

from runtime.marking.maths.notation import SUPERSCRIPTS, squeezed


class Unit(msgspec.Struct, frozen=True):
    """A unit: ``value * factor + offset`` is the value in the base unit of its dimension."""

    name: str
    dimension: str
    factor: Fraction
    offset: Fraction = Fraction(0)


_LENGTHS = """
mm 0.001 millimetre millimeter millimetro millimetri
cm 0.01 centimetre centimeter cms centimetro centimetri
dm 0.1 decimetre decimeter decimetro decimetri
m 1 metre meter mt mtr metro metri
km 1000 kilometre kilometer kms chilometro chilometri
in 0.0254 inch inches
ft 0.3048 foot feet
yd 0.9144 yard yds
mi 1609.344 mile
"""
_MASSES = """
mg 0.001 milligram milligrammo milligrammi
g 1 gram gramme gr gm grammo grammi
hg 100 ettogrammo etto etti
kg 1000 kilogram kilogramme kilo kgs chilogrammo chilogrammi chilo chili
t 1000000 tonne tonnellata tonnellate
oz 28.349523125 ounce
lb 453.59237 lbs
pound 453.59237
st 6350.29318 stone
ton 907184.74
"""
_VOLUMES = """
ml 0.000001 mL millilitre milliliter mls millilitro millilitri
cl 0.00001 cL centilitre centiliter centilitro centilitri
dl 0.0001 dL decilitre deciliter decilitro decilitri
l 0.001 L litre liter ltr litro litri
gal 0.003785411784 gallon
qt 0.000946352946 quart
pt 0.000473176473 pint
cup 0.0002365882365
floz 0.0000295735295625
"""
_TIMES = """
ms 0.001 millisecond
s 1 sec second secs secondo secondi
min 60 minute mins minuto minuti
h 3600 hr hour hrs ora ore
d 86400 day giorno giorni
week 604800 wk wks settimana settimane
month 2592000 mese mesi
year 31536000 yr yrs anno anni
"""
_OTHERS = {
    "angle": "° 1 degree deg degs grado gradi\nrightangle 90",
    "data": "byte 1\nkB 1000 kilobyte\nMB 1000000 megabyte\nGB 1000000000 gigabyte",
    "power": "W 1 watt\nkW 1000 kilowatt",
    "money $": "$ 1 dollar usd buck\ncent 0.01 ¢",
    "money £": "£ 1 gbp quid\np 0.01 pence penny",
    "money €": "€ 1 euro eur\neurocent 0.01 centesimo centesimi",
    "money ¥": "¥ 1 yen yuan rmb",
    "money ₹": "₹ 1 rupee rs\npaise 0.01 paisa",
    "percent": "% 0.01 percent pct percentage percentuale",
}
_SPEEDS = {"kph": ("km", "h"), "kmh": ("km", "h"), "mph": ("mi", "h"), "mps": ("m", "s")}


def _load(dimension: str, table: str, units: dict[str, Unit]) -> None:
    for line in table.strip().splitlines():
        name, factor, *spellings = line.split()
        unit = Unit(name, dimension, Fraction(factor))
        for spelling in (name, *spellings):
            units[spelling] = unit
            if len(spelling) > 2:
                units.setdefault(f"{spelling}s", unit)


def _all_units() -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for dimension, table in (
        ("length", _LENGTHS),
        ("mass", _MASSES),
        ("volume", _VOLUMES),
        ("time", _TIMES),
        *_OTHERS.items(),
    ):
        _load(dimension, table, units)
    celsius = Unit("°C", "temperature", Fraction(1))
    fahrenheit = Unit("°F", "temperature", Fraction(5, 9), Fraction(-160, 9))
    units |= dict.fromkeys(("°C", "ºC", "celsius", "centigrade", "C"), celsius)
    units |= dict.fromkeys(("°F", "ºF", "fahrenheit", "F"), fahrenheit)
    return units


_UNITS = _all_units()
CURRENCIES = "$£€¥₹"
PERCENT = _UNITS["%"]
DEGREE = _UNITS["°"]
_SQUARE = re.compile(
    r"(?:sq\.?|square)\s+(?P<a>\w+)|(?P<b>\w+?)\s*(?:\^?2|squared|quadrat[oi])", re.IGNORECASE
)
_CUBIC = re.compile(
    r"(?:cu\.?|cubic)\s+(?P<a>\w+)|(?P<b>\w+?)\s*(?:\^?3|cubed|cub[oi])", re.IGNORECASE
)
_PER = re.compile(r"(\w+)\s*(?:/|\bper\b|\ban?\b)\s*(\w+)", re.IGNORECASE)


def find_unit(text: str) -> Unit | None:
    """Return the unit that the whole text names, or ``None``."""
    body = squeezed(text.translate(SUPERSCRIPTS)).strip(" .")
    if not body or len(body) > 40:
        return None
    return _simple(body) or _powered(body) or _speed(body)


def _simple(body: str) -> Unit | None:
    if body in _UNITS:
        return _UNITS[body]
    small = body.casefold().replace("fl oz", "floz").replace("fluid ounce", "floz")
    for words in ("degrees ", "degree ", "deg ", "gradi "):
        small = small.removeprefix(words)
    small = small.replace("per cent", "percent").replace("per cento", "percent")
    return _UNITS.get(small) if len(small) > 1 else _UNITS.get(body)


def _powered(body: str) -> Unit | None:
    for pattern, power, dimension in ((_SQUARE, 2, "area"), (_CUBIC, 3, "volume")):
        match = pattern.fullmatch(body)
        length = _simple(match["a"] or match["b"]) if match else None
        if length is not None and length.dimension == "length":
            return Unit(f"{length.name}^{power}", dimension, length.factor**power)
    return None


def _speed(body: str) -> Unit | None:
    match = _PER.fullmatch(body)
    names = _SPEEDS.get(body.casefold().replace("/", "")) or (match.groups() if match else None)
    if names is None:
        return None
    way, time = _simple(names[0]), _simple(names[1])
    if way is None or time is None or (way.dimension, time.dimension) != ("length", "time"):
        return None
    return Unit(f"{way.name}/{time.name}", "speed", way.factor / time.factor)
