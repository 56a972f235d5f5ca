"""Opposites: words that turn a sentence round ("less dense" for "more dense").

Vectors of opposites lie close together, since both stand in the same sentences; so code looks.
"""

from runtime.marking.mark import Evidence
from runtime.marking.writing.words import words
from runtime.words import noted

_PAIRS = """
more less; most least; many few; increase decrease; increases decreases; increased decreased;
rise fall; rises falls; rose fell; rising falling; gain lose; gains loses; grow shrink;
grows shrinks; expand contract; expands contracts; add subtract; multiply divide; up down;
upward downward; upwards downwards; above below; over under; top bottom; in out; inside outside;
into out; toward away; towards away; left right; north south; east west; before after;
first last; early late; earlier later; start end; begins ends; open closed; opened closed;
on off; push pull; pushes pulls; attract repel; attracts repels; float sink; floats sinks;
hot cold; hotter colder; hottest coldest; warm cool; warmer cooler; warms cools; warmed cooled;
heat cool; heats cools; freeze melt; freezes melts; evaporate condense; evaporates condenses;
evaporation condensation; wet dry; wetter dryer; light heavy; lighter heavier; lighter darker;
lightest heaviest; light dark; bright dim; brighter dimmer; big small; bigger smaller;
biggest smallest; large small; larger smaller; largest smallest; great little; greater less;
greater smaller; greatest least; high low; higher lower; highest lowest; long short;
longer shorter; longest shortest; tall short; taller shorter; wide narrow; wider narrower;
thick thin; thicker thinner; deep shallow; deeper shallower; fast slow; faster slower;
fastest slowest; quick slow; quickly slowly; hard soft; harder softer; harder easier; hard easy;
rough smooth; strong weak; stronger weaker; loud quiet; louder quieter; loudest quietest;
old young; older younger; oldest youngest; old new; alive dead; living dead; full empty;
clean dirty; same different; equal unequal; similar different; true false; right wrong;
correct incorrect; yes no; good bad; better worse; best worst; positive negative; acid alkaline;
conductor insulator; conductors insulators; parallel series; reversible irreversible; always never;
possible impossible; near far; nearer farther; closer further; closer farther; with without;
allowed forbidden; love hate; happy sad; rich poor; predator prey; male female; day night;
maximum minimum; solid liquid; transparent opaque; sì no; più meno; caldo freddo; alto basso;
grande piccolo; veloce lento; pesante leggero; aumenta diminuisce; sale scende; prima dopo
"""


def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _PAIRS.replace("\n", " ").split(";"):
        one, other = pair.split()
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in found.items()}


_OPPOSITES = _table()


def find_opposites(reference: str, answer: str) -> tuple[Evidence, ...]:
    """Return a finding for every word of ``answer`` that turns a word of ``reference`` round.

    A word counts only if the answer lacks the reference's own word and the reference lacks the
    answer's: "hot days are longer than cold ones" says both.
    """
    wanted = {word.text.lower() for word in words(reference)}
    given = words(answer)
    said = {word.text.lower() for word in given}
    return tuple(
        Evidence(
            kind="opposite",
            message=noted("“{word}”: could it be the other way round?", word=word.text),
            span=(word.start, word.end),
        )
        for word in given
        if _turns(word.text.lower(), wanted, said)
    )


def _turns(word: str, wanted: set[str], said: set[str]) -> bool:
    others = _OPPOSITES.get(word, frozenset()) & wanted
    return bool(others) and word not in wanted and not others & said
