"""What was fitted here: kept by what the files are, replaced, forgotten, refused if damaged."""

from pathlib import Path

import msgspec
import pytest

from runtime.errors import ModelError
from runtime.judge.catalogue import Trained
from runtime.judge.llm.fits import FILE, Fit, Scaling, all_fits, drop, fits_of, put, trained_scaling
from runtime.judge.prompt import contract_digest

ONE = Fit(
    name="mine",
    model="a" * 64,
    prompt="mark_essay",
    contract="c" * 64,
    temperature=1.75,
    cuts=(0.5, 1.25),
    labels=("0", "1", "2"),
    answers=120,
    questions=6,
    held_out={"kappa": 0.5, "ece": 0.04},
)


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    assert fits_of(tmp_path, ONE.model) == ()
    assert put(tmp_path / "store", [ONE]).read_text().startswith("#")
    assert fits_of(tmp_path / "store", ONE.model) == (ONE,)
    assert fits_of(tmp_path / "store", "b" * 64) == ()


def test_there_is_one_fit_of_a_model_an_adapter_and_a_prompt(tmp_path: Path) -> None:
    others = [
        msgspec.structs.replace(ONE, prompt="mark_maths"),
        msgspec.structs.replace(ONE, adapter="d" * 64),
    ]
    put(tmp_path, [ONE, *others])
    again = msgspec.structs.replace(ONE, temperature=0.5)
    put(tmp_path, [again])
    found = all_fits(tmp_path)
    assert len(found) == 3
    assert all(one in found for one in (again, *others))


def test_only_what_is_meant_is_forgotten(tmp_path: Path) -> None:
    other = msgspec.structs.replace(ONE, prompt="mark_maths")
    put(tmp_path, [ONE, other])
    drop(tmp_path, [ONE])
    assert all_fits(tmp_path) == (other,)
    drop(tmp_path, [other])
    assert all_fits(tmp_path) == ()


@pytest.mark.parametrize(
    "text", ["fit = 3", "[[fit]]\nname = 'x'", "not toml", "[[fit]]\ntemperature = 0"]
)
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(ModelError, match=FILE) as caught:
        fits_of(tmp_path, ONE.model)
    assert "delete it" in caught.value.remedy


def test_cuts_are_those_of_their_labels_alone() -> None:
    assert ONE.scaling.cuts_of(("0", "1", "2")) == (0.5, 1.25)
    assert ONE.scaling.cuts_of(("0", "1", "2", "3")) == ()


class TestTrained:
    def trained(self, **fields: object) -> Trained:
        values = {"purpose": "causal", "prompt": "mark_maths", "contract": contract_digest()}
        return msgspec.convert({**values, "temperature": 2.0, **fields}, Trained)

    def test_a_fitted_temperature_counts(self) -> None:
        assert trained_scaling(self.trained(), "mark_maths") == Scaling(2.0)

    @pytest.mark.parametrize(
        "fields", [{"temperature": 1.0}, {"contract": "0" * 64}, {"prompt": "mark_essay"}]
    )
    def test_else_nothing_does(self, fields: dict[str, object]) -> None:
        assert trained_scaling(self.trained(**fields), "mark_maths") is None

    def test_nor_without_training(self) -> None:
        assert trained_scaling(None, "mark_maths") is None
