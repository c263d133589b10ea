import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from derm_xai.classify.doubt import SCORES, entropy, mutual_information
from derm_xai.vocabulary import DIAGNOSES, Diagnosis

HIGHEST, LEAD, ENTROPY, INFORMATION, SPREAD = SCORES


def shares(*of: tuple[Diagnosis, float]) -> np.ndarray:
    given_to = dict(of)
    return np.array([given_to.get(diagnosis, 0.0) for diagnosis in DIAGNOSES])


# some classes get nothing at all, so that the logarithm of zero is met; the first always gets something
weights = arrays(np.float64, (4, 11), elements=st.just(0.0) | st.floats(0.01, 1)).map(lambda each: each + 0.01 * np.eye(11)[0])
samples = weights.map(lambda each: each / each.sum(1, keepdims=True))


@settings(deadline=None)
@given(samples)
def test_entropy_is_scipys(rows):
    assert entropy(rows) == pytest.approx(stats.entropy(rows, axis=1), abs=1e-12)


@settings(deadline=None)
@given(samples)
def test_mutual_information_is_the_mean_divergence_from_the_mean(rows):
    # another way to write it: the mean Kullback-Leibler divergence of the samples from their mean
    divergences = [stats.entropy(row, rows.mean(0)) for row in rows]
    assert mutual_information(rows) == pytest.approx(np.mean(divergences), abs=1e-9)
    assert mutual_information(rows) >= 0


@settings(deadline=None)
@given(samples)
def test_samples_that_agree_hold_no_mutual_information(rows):
    same = np.repeat(rows[:1], 4, axis=0)
    assert mutual_information(same) == pytest.approx(0, abs=1e-12)
    assert SCORES[SPREAD](same[0], same) == pytest.approx(0, abs=1e-12)


def test_scores_by_hand():
    joint = shares((Diagnosis.NV, 0.6), (Diagnosis.MEL, 0.3), (Diagnosis.DF, 0.1))
    drawn = np.stack([shares((Diagnosis.MEL, 1.0)), shares((Diagnosis.NV, 1.0))])
    assert SCORES[HIGHEST](joint, drawn) == pytest.approx(0.4)
    assert SCORES[LEAD](joint, drawn) == pytest.approx(1 - (0.6 - 0.3))
    # two sure samples that contradict one another: a mean of one half each, and all of it is disagreement
    assert SCORES[ENTROPY](joint, drawn) == pytest.approx(np.log(2))
    assert SCORES[INFORMATION](joint, drawn) == pytest.approx(np.log(2))
    # malignant with certainty in one, not at all in the other
    assert SCORES[SPREAD](joint, drawn) == pytest.approx(0.5)


def test_moving_from_one_malignancy_to_another_is_no_spread_of_the_malignancy():
    drawn = np.stack([shares((each, 0.8), (Diagnosis.NV, 0.2)) for each in (Diagnosis.MEL, Diagnosis.BCC, Diagnosis.SCCKA)])
    assert SCORES[SPREAD](drawn.mean(0), drawn) == pytest.approx(0, abs=1e-12)
    assert SCORES[INFORMATION](drawn.mean(0), drawn) > 0.5


def test_many_cases_at_once_score_as_each_alone():
    generator = np.random.default_rng(0)
    drawn = generator.dirichlet(np.ones(11), (5, 6))
    joint = generator.dirichlet(np.ones(11), 5)
    for score in SCORES.values():
        together = score(joint, drawn)
        assert together.shape == (5,)
        assert together == pytest.approx([float(score(joint[index], drawn[index])) for index in range(5)])


@pytest.mark.parametrize("name", SCORES)
def test_each_score_is_larger_for_a_case_of_more_doubt(name):
    sure = np.stack([shares((Diagnosis.NV, 0.98), (Diagnosis.MEL, 0.02)), shares((Diagnosis.NV, 0.96), (Diagnosis.MEL, 0.04))])
    torn = np.stack([shares((Diagnosis.NV, 0.8), (Diagnosis.MEL, 0.2)), shares((Diagnosis.NV, 0.3), (Diagnosis.MEL, 0.7))])
    assert SCORES[name](torn.mean(0), torn) > SCORES[name](sure.mean(0), sure)
