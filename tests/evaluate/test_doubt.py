from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from derm_xai.evaluate.doubt import aurc, doubts, error_auroc, error_left
from derm_xai.evaluate.scored import Scored

SCORE = "a score"
cases_of = st.lists(st.tuples(st.booleans(), st.integers(-5, 5)), min_size=1, max_size=30)


def answered(cases: list[tuple[bool, float]]) -> Scored:
    """Cases given as (wrong, doubt)."""
    wrong = np.array([each for each, _ in cases])
    probabilities = np.eye(11)[wrong.astype(int)]
    score = np.array([float(doubt) for _, doubt in cases])
    return Scored(probabilities, np.zeros(len(cases), dtype=int), np.arange(len(cases)).astype(str), doubts={SCORE: score})


FIVE = answered([(False, 0.1), (True, 0.9), (False, 0.3), (True, 0.2), (False, 0.4)])


def test_by_hand():
    # surest first: right, wrong, right, right, wrong, so the error is 0, 1/2, 1/3, 1/4, 2/5
    assert aurc(SCORE, FIVE) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4 + 2 / 5) / 5)
    # wrong 0.9 is above all three right ones, wrong 0.2 above one of them
    assert error_auroc(SCORE, FIVE) == pytest.approx(4 / 6)
    # 80 % of five are four: 1/4 is left of 2/5
    assert error_left(SCORE, FIVE) == pytest.approx((1 / 4) / (2 / 5))


def test_the_curve_ends_at_the_error_of_all_and_starts_with_the_surest():
    (doubt,) = doubts("a set", FIVE, resamples=5)
    assert (doubt.data, doubt.score) == ("a set", SCORE)
    assert [coverage for coverage, _ in doubt.curve] == pytest.approx(np.arange(1, 21) / 20)
    errors = [error for _, error in doubt.curve]
    # one case answers up to 20 %, two up to 40 %, ...
    assert errors == pytest.approx(np.repeat([0, 1 / 2, 1 / 3, 1 / 4, 2 / 5], 4))


def test_of_twenty_cases_each_step_of_the_curve_adds_one():
    cases = answered([(row in (4, 11), row) for row in range(20)])
    (doubt,) = doubts("", cases, resamples=1)
    assert [error for _, error in doubt.curve] == pytest.approx([((row >= 4) + (row >= 11)) / (row + 1) for row in range(20)])


def test_each_score_has_its_own_figures_with_their_intervals():
    generator = np.random.default_rng(0)
    wrong = generator.uniform(size=300) < 0.3
    cases = answered([(each, each + generator.normal()) for each in wrong])
    good, bad = cases.doubts[SCORE], generator.normal(size=300)
    two = Scored(cases.probabilities, cases.label, cases.group, doubts={"good": good, "bad": bad})
    first, second = doubts("a set", two, resamples=100)
    assert (first.score, second.score) == ("good", "bad")
    assert first.error_auroc.value == pytest.approx(roc_auc_score(wrong, good))
    assert second.error_auroc.value == pytest.approx(roc_auc_score(wrong, bad))
    assert first.aurc.value < second.aurc.value
    for figure in (first.error_auroc, first.aurc, first.error_left):
        assert figure.low < figure.value < figure.high
        assert figure.n == 300


def test_nothing_wrong_leaves_no_error_to_find():
    right = answered([(False, 0.1), (False, 0.2)])
    assert np.isnan(error_auroc(SCORE, right))
    assert np.isnan(error_left(SCORE, right))
    assert aurc(SCORE, right) == 0


def test_cases_of_equal_doubt_count_as_on_average_over_their_orders():
    wrong, doubt = (True, False, False, True, False), (1, 1, 1, 2, 2)
    expected = []
    for order in permutations(range(5)):
        if all(doubt[first] <= doubt[second] for first, second in pairwise(order)):
            errors = np.cumsum([wrong[row] for row in order]) / np.arange(1, 6)
            expected.append(errors)
    cases = answered(list(zip(wrong, doubt, strict=True)))
    assert len(expected) == 12
    assert aurc(SCORE, cases) == pytest.approx(np.mean(expected))
    assert error_left(SCORE, cases) == pytest.approx(np.mean(expected, 0)[3] / (2 / 5))


@settings(deadline=None)
@given(cases_of, st.randoms())
def test_no_figure_depends_on_the_order_of_the_cases(cases, random):
    first, second = answered(cases), answered(random.sample(cases, len(cases)))
    for metric in (aurc, error_auroc, error_left):
        assert metric(SCORE, first) == pytest.approx(metric(SCORE, second), abs=1e-12, nan_ok=True)


@settings(deadline=None)
@given(cases_of, st.sampled_from([lambda x: 3 * x - 7, np.exp, lambda x: x**3, np.arctan]))
def test_only_the_order_of_the_scores_counts(cases, monotone):
    other = answered([(wrong, monotone(doubt)) for wrong, doubt in cases])
    for metric in (aurc, error_auroc, error_left):
        assert metric(SCORE, answered(cases)) == pytest.approx(metric(SCORE, other), abs=1e-12, nan_ok=True)


@settings(deadline=None)
@given(cases_of)
def test_no_order_does_better_than_the_true_one_and_none_worse_than_its_reverse(cases):
    best, worst = (answered([(wrong, sign * wrong) for wrong, _ in cases]) for sign in (1, -1))
    chance = np.mean([wrong for wrong, _ in cases])
    assert aurc(SCORE, best) - 1e-12 <= aurc(SCORE, answered(cases)) <= aurc(SCORE, worst) + 1e-12
    assert aurc(SCORE, answered([(wrong, 0) for wrong, _ in cases])) == pytest.approx(chance)
