import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from derm_xai.classify.conformal import members, threshold


def test_threshold_by_hand():
    # 19 cases at 90 %: rank ceil(20 * 0.9) = 18, the 18th largest of 0.05 .. 0.95 is 0.10
    probabilities = np.arange(1, 20) / 20
    assert threshold(probabilities, 0.9) == 0.1


def test_too_few_cases_put_the_class_in_every_set():
    assert threshold(np.array([0.9] * 18), 0.95) == 0.0
    assert threshold(np.array([0.9] * 19), 0.95) == 0.9


@given(st.lists(st.floats(0, 1), min_size=20, max_size=60))
def test_the_threshold_covers_its_own_cases(values):
    probabilities = np.array(values)
    assert (probabilities >= threshold(probabilities, 0.9)).mean() >= 0.9


def test_a_set_is_never_empty():
    assert members(np.array([0.2, 0.5, 0.3]), np.array([0.9, 0.9, 0.9])).tolist() == [False, True, False]
    assert members(np.array([0.2, 0.5, 0.3]), np.array([0.2, 0.9, 0.9])).tolist() == [True, True, False]
