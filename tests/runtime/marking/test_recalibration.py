import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from runtime.marking.recalibration import centred, recalibrated
from runtime.marking.rescoring import Essays, rescored

Matrix = NDArray[np.float32]

_VECTORS = st.integers(2, 7).flatmap(
    lambda rows: arrays(np.float32, (rows, 3), elements=st.floats(-1, 1, width=32))
)


@st.composite
def classes(draw: st.DrawFn) -> tuple[list[float], Matrix, dict[int, float]]:
    vectors = draw(_VECTORS)
    count = len(vectors)
    chances = draw(st.lists(st.floats(0, 1), min_size=count, max_size=count))
    known = draw(st.dictionaries(st.integers(0, count - 1), st.floats(0, 1)))
    return chances, centred(vectors @ vectors.T), known


class TestRecalibrated:
    @given(classes())
    def test_chances_stay_chances_and_what_is_known_stays(
        self, drawn: tuple[list[float], Matrix, dict[int, float]]
    ) -> None:
        chances, cosines, known = drawn
        found = recalibrated(chances, cosines, known)
        assert found.shape == (len(chances),)
        assert ((found >= 0) & (found <= 1)).all()
        assert {place: found[place] for place in known} == pytest.approx(known)

    @given(classes())
    def test_without_marks_it_says_what_the_judge_said(
        self, drawn: tuple[list[float], Matrix, dict[int, float]]
    ) -> None:
        chances, cosines, _known = drawn
        assert recalibrated(chances, cosines, {}) == pytest.approx(chances, abs=1.1e-4)

    def test_what_is_alike_moves_further_than_what_is_not(self) -> None:
        cosines = np.array([[1, 0.9, -0.9], [0.9, 1, -0.9], [-0.9, -0.9, 1]], np.float32)
        found = recalibrated([0.6, 0.6, 0.6], cosines, {0: 0.0})
        assert found[1] < found[2] < 0.6

    def test_the_order_of_answers_does_not_matter(self) -> None:
        rng = np.random.default_rng(0)
        vectors = rng.normal(size=(5, 3)).astype(np.float32)
        chances, turned = rng.uniform(size=5), np.array([3, 1, 4, 0, 2])
        cosines = centred(vectors @ vectors.T)
        found = recalibrated(chances.tolist(), cosines, {1: 1.0, 4: 0.0})
        again = recalibrated(chances[turned].tolist(), cosines[turned][:, turned], {1: 1.0, 2: 0.0})
        assert again == pytest.approx(found[turned], abs=1e-6)


class TestCentred:
    def test_it_is_the_cosine_of_vectors_less_their_mean(self) -> None:
        vectors = np.random.default_rng(1).normal(size=(6, 4)) + 3.0
        apart = vectors - vectors.mean(axis=0)
        apart /= np.linalg.norm(apart, axis=1, keepdims=True)
        found = centred((vectors @ vectors.T).astype(np.float32))
        assert found == pytest.approx(apart @ apart.T, abs=1e-4)

    def test_texts_all_alike_are_alike(self) -> None:
        assert centred(np.ones((3, 3), np.float32)) == pytest.approx(np.ones((3, 3)))

    def test_of_nothing_there_is_nothing(self) -> None:
        assert centred(np.zeros((0, 0), np.float32)).shape == (0, 0)


class TestRescored:
    def essays(self, count: int = 12) -> Essays:
        words = [40 + 30 * place for place in range(count)]
        return Essays([0.5] * count, words, np.eye(count, dtype=np.float32))

    def test_too_few_marks_say_nothing(self) -> None:
        assert rescored(self.essays(), {0: 1.0, 1: 2.0}, (0, 6)) is None

    def test_it_learns_what_the_teacher_looks_at(self) -> None:
        found = rescored(self.essays(), {0: 0.0, 3: 2.0, 6: 4.0, 11: 6.0}, (0, 6))
        assert found
        assert (np.diff(found.means) > 0).all()
        assert found.means[8] == pytest.approx(5.0, abs=1.0)

    def test_it_is_surer_near_what_is_known(self) -> None:
        found = rescored(self.essays(), {0: 1.0, 1: 1.0, 2: 2.0}, (0, 6))
        assert found
        assert found.deviations[1] < found.deviations[11]

    @given(classes(), st.data())
    def test_it_is_finite_for_any_class(
        self, drawn: tuple[list[float], Matrix, dict[int, float]], data: st.DataObject
    ) -> None:
        judged, cosines, _known = drawn
        count = len(judged)
        words = data.draw(st.lists(st.integers(0, 900), min_size=count, max_size=count))
        scores = st.sampled_from([0.0, 1.0, 2.0, 6.0])
        known = data.draw(st.dictionaries(st.integers(0, count - 1), scores, min_size=1))
        found = rescored(Essays(judged, words, cosines), known, (0.0, 6.0))
        assert (found is None) == (len(known) < 3)
        if found:
            assert np.isfinite(found.means).all()
            assert (found.deviations > 0).all()
