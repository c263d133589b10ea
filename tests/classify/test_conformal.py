import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mapie.classification import SplitConformalClassifier
from sklearn.base import BaseEstimator, ClassifierMixin

from derm_xai.classify.conformal import lift, members, threshold, thresholds


class Shown(ClassifierMixin, BaseEstimator):
    """A classifier, as scikit-learn has them, whose input is its probabilities."""

    def __init__(self, classes: int = 3):
        self.classes_ = np.arange(classes)
        self.n_features_in_ = self.fitted_ = classes

    def fit(self, _x, _y):
        return self

    def predict_proba(self, x):
        return np.asarray(x)

    def predict(self, x):
        return np.asarray(x).argmax(1)


def drawn(*counts: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of so many calibration cases of each class, and their classes."""
    generator = np.random.default_rng(seed)
    label = generator.permutation(np.repeat(np.arange(len(counts)), counts))
    return generator.dirichlet(np.ones(len(counts)), len(label)), label


def test_threshold_by_hand():
    # 19 cases at 90 %: rank ceil(20 * 0.9) = 18, the 18th largest of 0.05 .. 0.95 is 0.10
    probabilities = np.arange(1, 20) / 20
    assert threshold(probabilities, 0.9) == 0.1


def test_too_few_cases_put_the_class_in_every_set():
    assert threshold(np.array([0.9] * 18), 0.95) == 0.0
    assert threshold(np.array([0.9] * 19), 0.95) == 0.9
    assert threshold(np.array([]), 0.9) == 0.0


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=20, max_size=60))
def test_the_threshold_covers_its_own_cases(values):
    probabilities = np.array(values)
    assert (probabilities >= threshold(probabilities, 0.9)).mean() >= 0.9


@pytest.mark.filterwarnings("ignore:WARNING. your conformalization dataset has less labels")
@pytest.mark.parametrize("coverage", [0.9, 0.95])
@pytest.mark.parametrize("index", [0, 1, 2])
def test_one_class_alone_is_mapies_split_conformal_set(coverage, index):
    # MAPIE's least ambiguous set, calibrated on the cases of one class: whether that class is in the set
    probabilities, label = drawn(40, 57, 83, seed=index)
    own, new = probabilities[label == index], drawn(200, 200, 200, seed=9)[0]
    mapie = SplitConformalClassifier(Shown(), coverage, conformity_score="lac")
    mapie.conformalize(own, np.full(len(own), index))
    _, sets = mapie.predict_set(new)
    inside = new[:, index] >= thresholds(probabilities, label, coverage)[index]
    assert inside.tolist() == sets[:, index, 0].tolist()
    assert 0 < inside.sum() < len(inside)


def test_classes_with_few_cases_share_a_threshold_with_the_next_rarest_by_hand():
    # at 90 % a class needs nine cases: the second and third have six and four, the fourth none. They borrow from the first and
    # the fifth, until there are forty; the sixth, whose scores are all low, is not needed
    own = [*np.arange(10, 20) / 20, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.15, 0.35, 0.9, 0.95, *[0.99] * 25, *[0.01] * 30]
    label = np.repeat([0, 1, 2, 4, 5], [10, 6, 4, 25, 30])
    scores = np.zeros((75, 6))
    scores[np.arange(75), label] = own
    # together 45 cases: the 42nd largest (ceil(46 * 0.9)), which is the fourth smallest of 0.15, 0.3, 0.35, 0.4, ...
    assert thresholds(scores, label, 0.9).tolist() == [0.5, 0.4, 0.4, 0.4, 0.99, 0.01]


def test_forty_cases_together_are_enough_by_hand():
    # at 90 % the first class, of four cases, borrows from the second, of 36: with those forty the third, all low, is not needed
    label = np.repeat([0, 1, 2], [4, 36, 100])
    scores = np.zeros((140, 3))
    scores[np.arange(140), label] = np.array([0.9, 0.8, 0.1])[label]
    assert thresholds(scores, label, 0.9).tolist() == [0.8, 0.8, 0.1]


def test_even_together_too_few_cases_are_in_every_set():
    probabilities, label = drawn(8, 4, 3)
    assert thresholds(probabilities, label, 0.95).tolist() == [0, 0, 0]


def test_where_every_class_has_enough_cases_each_has_its_own():
    probabilities, label = drawn(25, 30, 35)
    alone = [threshold(probabilities[label == index, index], 0.9) for index in range(3)]
    assert thresholds(probabilities, label, 0.9).tolist() == alone


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=5), st.sampled_from([0.9, 0.95]), st.integers(0, 5))
def test_every_class_or_the_rarest_together_are_covered_among_their_own_cases(counts, coverage, seed):
    probabilities, label = drawn(*counts, seed=seed)
    own = np.take_along_axis(probabilities, label[:, None], 1)[:, 0]
    limits = thresholds(probabilities, label, coverage)
    few = [index for index, count in enumerate(counts) if count < (9 if coverage == 0.9 else 19)]
    for index in set(range(len(counts))) - set(few):
        assert (own[label == index] >= limits[index]).mean() >= coverage
    if few:
        assert len(set(limits[few].tolist())) == 1
        # the fewest of the rarest classes that hold all with few cases and forty cases, where there are so many
        order = sorted(range(len(counts)), key=lambda index: counts[index])
        enough = next((size for size in range(len(few), len(order)) if sum(counts[i] for i in order[:size]) >= 40), len(order))
        together = own[np.isin(label, order[:enough])]
        assert not len(together) or (together >= limits[few[0]]).mean() >= coverage


def test_lift_by_hand():
    # Bayes' rule at shares of 1/2, 1/4 and 1/4: 0.1, 0.15 and 0.05 over 0.3, which is 2/3, 2 and 2/3 times the share
    assert lift(np.array([0.2, 0.6, 0.2]), np.array([0.5, 0.25, 0.25])).tolist() == pytest.approx([2 / 3, 2, 2 / 3])


@settings(deadline=None)
@given(st.integers(0, 100))
def test_lift_is_bayes_rule_and_keeps_the_order_of_the_classes(seed):
    probabilities, _ = drawn(4, 4, 4, 4, seed=seed)
    mix = np.random.default_rng(seed).dirichlet(np.ones(4))
    lifted = lift(probabilities, mix)
    posterior = probabilities * mix / (probabilities * mix).sum(1, keepdims=True)
    assert lifted * mix == pytest.approx(posterior)
    assert (np.argsort(lifted, axis=1) == np.argsort(probabilities, axis=1)).all()
    assert lift(probabilities, np.full(4, 0.25)) == pytest.approx(4 * probabilities)


def test_a_set_is_never_empty():
    assert members(np.array([0.2, 0.5, 0.3]), np.array([0.9, 0.9, 0.9])).tolist() == [False, True, False]
    assert members(np.array([0.2, 0.5, 0.3]), np.array([0.2, 0.9, 0.9])).tolist() == [True, True, False]


@settings(deadline=None)
@given(st.integers(0, 50))
def test_where_every_class_has_enough_cases_wider_coverage_takes_none_out_of_the_set(seed):
    probabilities, label = drawn(45, 19, 25, 60, seed=seed)
    narrow, wide = (members(probabilities[0], thresholds(probabilities, label, each)) for each in (0.9, 0.95))
    assert not (narrow & ~wide).any()
