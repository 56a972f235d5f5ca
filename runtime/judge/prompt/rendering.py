"""Prompts through a model's own chat template, with nobody's words taken for special tokens.

    segments = render(prompt, template, bos="<bos>")
    ids = token_ids(segments, encode)

A template never sees a child's text: it is given a placeholder nobody can guess, and its output is
split there. So the text can neither end its turn nor be read as Jinja, whatever it contains.
"""

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import takewhile

from runtime.errors import ModelError
from runtime.judge.prompt.parts import Message, Part, Prompt, Segment, Whose, ours, reply
from runtime.words import N_, _

_REMEDY = N_("Use a model file with another chat template, or report this one to its makers.")

Turn = dict[str, str]


def render(prompt: Prompt, template: str, *, bos: str = "", eos: str = "") -> list[Segment]:
    """Return the prompt as segments, up to where the model's reply begins.

    ``template`` is Jinja, as in tokenizer_config.json or a GGUF's ``tokenizer.chat_template``;
    ``bos`` and ``eos`` stand where it writes ``bos_token`` and ``eos_token``, and nowhere else. A
    template that refuses the system role gets the system text at the head of the first user turn.
    Characters are composed (NFC): some tokenizers do that by themselves, and llama.cpp's never do.
    Raises ``ModelError`` naming the template's fault.
    """
    return _rendered(prompt, template, bos, eos, reply_next=True)


def answer_segments(answer: str, template: str, *, bos: str = "", eos: str = "") -> list[Segment]:
    """Return what a model is trained to write after ``render``: the answer and the turn's end.

    Where the template marks no end, ``eos`` does; what follows the mark is never generated and
    left out. Raises ``ModelError`` naming the template's fault.
    """
    end = _end_of_turn(template, bos, eos)
    return [Segment(_composed(answer), False, private=True), Segment(end, special=True)]


def token_ids(segments: Iterable[Segment], encode: Callable[[str, bool], list[int]]) -> list[int]:
    """Return the segments' token ids, one segment after the other.

    ``encode(text, special)`` adds nothing of its own (no BOS, no leading blank) and parses special
    tokens only where ``special`` says so.
    """
    return [token for one in segments for token in encode(one.text, one.special)]


def public_segments(segments: Iterable[Segment]) -> list[Segment]:
    """Return those before the first with a child's words: what may be kept on disk."""
    return list(takewhile(lambda one: not one.private, segments))


def _rendered(
    prompt: Prompt, template: str, bos: str, eos: str, *, reply_next: bool
) -> list[Segment]:
    foreign: dict[str, Part] = {}
    kept = prompt if _takes_system(template, bos, eos) else _folded(prompt)
    turns = [_turn(message, foreign) for message in kept]
    text = _run(template, turns, bos, eos, reply_next)
    pieces = re.split("(" + "|".join(foreign) + ")", text) if foreign else [text]
    if [piece for piece in pieces if piece in foreign] != list(foreign):
        raise ModelError(
            _("The model's chat template drops, repeats or cuts a message."), _(_REMEDY)
        )
    segments = (_segment(piece, foreign.get(piece)) for piece in pieces)
    return [segment for segment in segments if segment.text]


def _turn(message: Message, foreign: dict[str, Part]) -> Turn:
    """Return the message for the template; others' words go to ``foreign``, by placeholder."""
    written = []
    for part in message.parts:
        if part.whose is Whose.OURS:
            written.append(_composed(part.text))
            continue
        # 128 random bits: no template and no wording contains them by chance.
        shown = f"PART{secrets.token_hex(16)}"
        foreign[shown] = part
        written.append(shown)
    return {"role": message.role, "content": "".join(written)}


def _segment(piece: str, part: Part | None) -> Segment:
    if part is None:
        return Segment(piece, special=True)
    return Segment(_composed(part.text), False, private=part.whose in {Whose.CHILD, Whose.REPLY})


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _run(template: str, turns: Sequence[Turn], bos: str, eos: str, reply_next: bool) -> str:
    from runtime.judge.prompt.environment import compiled  # noqa: PLC0415

    try:
        return compiled(template).render(
            messages=turns,
            bos_token=bos,
            eos_token=eos,
            add_generation_prompt=reply_next,
            # Qwen 3 would think before it replies, and a verdict is read from the first token.
            enable_thinking=False,
        )
    except Exception as error:  # A template is somebody's program: anything can go wrong in it.
        why = " ".join(str(error).split()) or type(error).__name__
        raise ModelError(
            _("The model's chat template fails: {why}.").format(why=why), _(_REMEDY)
        ) from None


@lru_cache(maxsize=8)
def _end_of_turn(template: str, bos: str, eos: str) -> str:
    asked = Message("user", (ours("?"),))
    *_, last = _rendered((asked, reply("!")), template, bos, eos, reply_next=False)
    return (last.special and last.text.rstrip()) or eos


@lru_cache(maxsize=8)
def _takes_system(template: str, bos: str, eos: str) -> bool:
    """Whether a system turn is neither refused nor dropped."""
    rules = secrets.token_hex(16)
    turns = [{"role": "system", "content": rules}, {"role": "user", "content": "?"}]
    try:
        return rules in _run(template, turns, bos, eos, reply_next=True)
    except ModelError:
        return False


def _folded(prompt: Prompt) -> Prompt:
    """Return the prompt with its system text at the head of the first user turn."""
    system = [part for message in prompt if message.role == "system" for part in message.parts]
    others = [message for message in prompt if message.role != "system"]
    place = next((at for at, message in enumerate(others) if message.role == "user"), None)
    if not system or place is None:
        return tuple(others)
    others[place] = Message("user", (*system, ours("\n\n"), *others[place].parts))
    return tuple(others)
