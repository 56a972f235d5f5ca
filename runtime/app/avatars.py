"""Pictures of learners: the avatars of the records as one character each, and their names.

picture("owl"), _(NAMES["owl"])
"""

from runtime.records.store.rows import AVATARS
from runtime.words import N_

_PICTURES = dict(zip(AVATARS, "🦇🐻🐝🐱🦀🦌🐬🦆🦊🐸🦔🐨🦁🐙🦦🦉🐼🐧🐰🐦🦭🐌🐯🐢🐳🐺", strict=True))

NAMES = {
    "bat": N_("bat"),
    "bear": N_("bear"),
    "bee": N_("bee"),
    "cat": N_("cat"),
    "crab": N_("crab"),
    "deer": N_("deer"),
    "dolphin": N_("dolphin"),
    "duck": N_("duck"),
    "fox": N_("fox"),
    "frog": N_("frog"),
    "hedgehog": N_("hedgehog"),
    "koala": N_("koala"),
    "lion": N_("lion"),
    "octopus": N_("octopus"),
    "otter": N_("otter"),
    "owl": N_("owl"),
    "panda": N_("panda"),
    "penguin": N_("penguin"),
    "rabbit": N_("rabbit"),
    "robin": N_("robin"),
    "seal": N_("seal"),
    "snail": N_("snail"),
    "tiger": N_("tiger"),
    "turtle": N_("turtle"),
    "whale": N_("whale"),
    "wolf": N_("wolf"),
}


def picture(avatar: str) -> str:
    """Return the picture of an avatar; of an unknown one, a plain face."""
    return _PICTURES.get(avatar, "🙂")
