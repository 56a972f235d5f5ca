from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convert.merge import safetensors
from runtime.errors import ModelError
from runtime.judge.context import Limits
from runtime.judge.encoder import Encoder
from tests import tiny_models

ANSWERS = ["Plants need light and water.", "the cat sat", "", "ice melts", "sun heat " * 9]
CLS, SEP = tiny_models.VOCABULARY.index("[CLS]"), tiny_models.VOCABULARY.index("[SEP]")


@pytest.fixture(scope="module")
def encoder(tiny_gguf: Path) -> Iterator[Encoder]:
    with Encoder.open(tiny_gguf, threads=1) as found:
        yield found


def words(encoder: Encoder, text: str) -> list[str]:
    [found] = encoder.encode([text])
    return [tiny_models.VOCABULARY[i] for i in found.tokens]


class TestTokens:
    def test_words_and_their_continuations(self, encoder: Encoder) -> None:
        assert words(encoder, "Melts heating!") == [
            *("[CLS]", "melts", "heat", "##ing", "!", "[SEP]")
        ]

    def test_accents_and_capitals_do_not_count(self, encoder: Encoder) -> None:
        assert words(encoder, "SÚN plänt") == words(encoder, "sun plant")

    def test_special_tokens_in_an_answer_stay_text(self, encoder: Encoder) -> None:
        found = words(encoder, "[SEP] light")
        assert found[1] == "["
        assert found.count("[SEP]") == 1

    @pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00"])
    def test_nothing_to_read_gives_the_frame_alone(self, encoder: Encoder, text: str) -> None:
        assert words(encoder, text) == ["[CLS]", "[SEP]"]

    def test_half_a_surrogate_pair_is_a_question_mark(self, encoder: Encoder) -> None:
        assert words(encoder, "sun \ud83d") == words(encoder, "sun ?")

    @given(st.text(st.characters(codec=None), max_size=40))
    def test_any_text_is_framed(self, encoder: Encoder, text: str) -> None:
        [found] = encoder.encode([text])
        assert (found.tokens[0], found.tokens[-1]) == (CLS, SEP)
        assert not {CLS, SEP} & set(found.tokens[1:-1].tolist())
        assert found.vectors.shape == (len(found.tokens), encoder.width)
        assert np.isfinite(found.vectors).all()


class TestVectors:
    def test_equal_bert_written_in_numpy(self, encoder: Encoder, tiny_sources: Path) -> None:
        weights = safetensors.load(tiny_sources / "model.safetensors")
        for found in encoder.encode(ANSWERS):
            expected = tiny_models.forward(weights, found.tokens)
            # llama.cpp computes GELU and products in half precision.
            np.testing.assert_allclose(found.vectors, expected, atol=0.02)

    def test_sentence_vector_is_the_mean_of_all_rows_with_length_one(
        self, encoder: Encoder
    ) -> None:
        [found] = encoder.encode(["plants need light"])
        mean = found.vectors.mean(axis=0)
        np.testing.assert_allclose(found.mean(), mean / np.linalg.norm(mean), rtol=1e-5)

    def test_order_is_kept_and_equal_texts_share_a_result(self, encoder: Encoder) -> None:
        found = encoder.encode(["ice melts", "the cat sat", "ice melts"])
        assert found[0] is found[2]
        assert [len(f.tokens) for f in found] == [4, 5, 4]

    def test_no_texts_give_no_vectors(self, encoder: Encoder) -> None:
        assert encoder.encode([]) == []

    @pytest.mark.parametrize(
        "limits", [Limits(256, 1, 1), Limits(8, 64, 1), Limits(64, 3, 2), Limits(64, 64, 1, False)]
    )
    def test_batches_do_not_change_the_vectors(
        self, encoder: Encoder, tiny_gguf: Path, limits: Limits
    ) -> None:
        expected = encoder.encode(ANSWERS)
        with Encoder.open(tiny_gguf, limits=limits) as other:
            for one, two in zip(expected, other.encode(ANSWERS), strict=True):
                np.testing.assert_allclose(one.vectors, two.vectors, atol=0.01)

    def test_long_text_is_read_to_its_end(self, encoder: Encoder, tiny_sources: Path) -> None:
        [found] = encoder.encode(["plants need light " * 30])
        assert found.vectors.shape == (92, encoder.width)
        weights = safetensors.load(tiny_sources / "model.safetensors")
        tail = np.concatenate([[CLS], found.tokens[-39:]]).astype(np.int32)
        # The last window holds the last 38 tokens, of which the second half is surely kept.
        expected = tiny_models.forward(weights, tail)
        np.testing.assert_allclose(found.vectors[-15:-1], expected[-15:-1], atol=0.02)


class TestOpening:
    def test_missing_model_names_the_file_and_the_command(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="nowhere") as caught:
            Encoder.open(tmp_path / "nowhere.gguf")
        assert caught.value.remedy.endswith("kindmark convert default")

    def test_closing_twice_is_harmless(self, tiny_gguf: Path) -> None:
        encoder = Encoder.open(tiny_gguf)
        encoder.close()
        encoder.close()

    def test_llama_cpp_prints_nothing(
        self, tiny_gguf: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with Encoder.open(tiny_gguf) as encoder:
            encoder.encode(["ice"])
        assert capfd.readouterr() == ("", "")
