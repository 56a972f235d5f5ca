"""What every method asks: the prompt contract's messages, and as the dictionaries of chat APIs.

chat_messages(item)     [{"role": "system", "content": ...}, {"role": "user", ...}]
"""

from runtime.judge import prompt as contract
from runtime.judge.prompt.wording import VERDICT_WORDS
from runtime.marking.item import Item

WARM_UP = [{"role": "user", "content": "Name three colours of the rainbow."}]
"""Read once before the clock starts, so that no method pays for cold weights."""

LABELS = tuple(VERDICT_WORDS.values())


def messages(item: Item) -> contract.Prompt:
    """Return what is asked about a short answer."""
    return contract.mark_short_answer(item)


def chat_messages(item: Item) -> list[dict[str, str]]:
    """Return the same as plain text a turn."""
    return [
        {"role": one.role, "content": "".join(part.text for part in one.parts)}
        for one in messages(item)
    ]
