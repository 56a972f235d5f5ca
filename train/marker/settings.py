"""What only a stage of kind ``embed`` has to be told: its table ``[stage.embed]``."""

from typing import Annotated

import msgspec
from msgspec import Meta

from runtime.errors import BadInputError
from train.recipe import Stage


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How questions are drawn and held out.

    ``folds`` is how many parts the questions are cut into to measure; ``answers`` the most to one
    question in a training row; ``other_reference`` the share of rows with another pupil's right
    answer in place of the reference; ``rank`` weighs the ranking loss.
    """

    folds: Annotated[int, Meta(ge=2)]
    answers: Annotated[int, Meta(ge=2)]
    other_reference: Annotated[float, Meta(ge=0, le=1)]
    rank: Annotated[float, Meta(ge=0)]


def settings_of(stage: Stage) -> Settings:
    """Return the settings of a stage. Raises ``BadInputError`` naming the key that is wrong."""
    try:
        return msgspec.convert(stage.embed, Settings)
    except msgspec.ValidationError as error:
        raise BadInputError(
            f"Stage {stage.name}, table [stage.embed]: {error}.",
            f"Its keys are {', '.join(Settings.__struct_fields__)}; minilm-marker.toml has them.",
        ) from None
