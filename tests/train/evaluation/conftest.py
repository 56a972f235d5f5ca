"""Few resamples: these tests look at where intervals stand, not at their second digit."""

from collections.abc import Iterator
from functools import partial

import pytest

from runtime.marking import agreement


@pytest.fixture(autouse=True, scope="package")
def few_resamples() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        few = partial(agreement.bootstrap_interval, resamples=50)
        patch.setattr(agreement, "bootstrap_interval", few)
        yield
