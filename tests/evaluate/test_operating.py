import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import recall_score

from derm_xai.evaluate.metrics import resampled
from derm_xai.evaluate.operating import natural_frequencies, operating_point, untested
from derm_xai.evaluate.records import UNTESTED_BELOW, OperatingPoint

shares = st.floats(0, 1)


def point(sensitivity: float, specificity: float, n: int = 100, target: str = "a melanoma") -> OperatingPoint:
    """A point whose rates are these, as near as n diseased and n healthy allow."""
    found, cleared = round(n * sensitivity), round(n * specificity)
    positive = np.arange(2 * n) < n
    score = np.concatenate([np.arange(n) < found, np.arange(n) >= cleared]).astype(float)
    return operating_point("a set", target, positive, score, 0.5, np.arange(2 * n).astype(str), resamples=20)


def test_by_hand():
    positive = np.array([True, True, True, True, False, False, False, False, False])
    score = np.array([0.9, 0.5, 0.7, 0.1, 0.5, 0.4, 0.3, 0.2, 0.49])
    answer = operating_point("a set", "a malignancy", positive, score, 0.5, np.arange(9).astype(str), resamples=200)
    assert (answer.data, answer.target, answer.threshold) == ("a set", "a malignancy", 0.5)
    # a score at the threshold is a referral
    assert (answer.sensitivity.value, answer.sensitivity.n) == (0.75, 4)
    assert (answer.specificity.value, answer.specificity.n) == (0.8, 5)
    assert answer.sensitivity.low < 0.75 < answer.sensitivity.high
    assert answer.specificity.low < 0.8 < answer.specificity.high


def test_predictive_values_by_hand():
    # of 10,000 with 600 diseased: 570 found of 600, 3,760 of 9,400 referred all the same
    one, six, twenty = point(0.95, 0.6).at_prevalence
    assert [each.prevalence for each in (one, six, twenty)] == [0.01, 0.06, 0.20]
    assert six.ppv.value == pytest.approx(570 / (570 + 3760))
    assert six.npv.value == pytest.approx(5640 / (5640 + 30))
    assert one.ppv.value == pytest.approx(95 / (95 + 3960))
    assert twenty.npv.value == pytest.approx(4800 / (4800 + 100))


def test_predictive_values_have_the_interval_of_bayes_rule_over_the_resamples():
    positive = np.arange(90) < 40
    score = np.random.default_rng(0).normal(size=90) + positive
    group = (np.arange(90) // 2).astype(str)
    six = operating_point("", "", positive, score, 0.4, group, resamples=50).at_prevalence[1]
    found, cleared = np.array(
        [recall_score(positive[rows], score[rows] >= 0.4, average=None)[::-1] for rows in resampled(group, 50)]
    ).T
    ppv = 0.06 * found / (0.06 * found + 0.94 * (1 - cleared))
    npv = 0.94 * cleared / (0.94 * cleared + 0.06 * (1 - found))
    for figure, drawn in ((six.ppv, ppv), (six.npv, npv)):
        assert (figure.low, figure.high) == pytest.approx(tuple(np.percentile(drawn, (2.5, 97.5))))
        assert figure.low < figure.value < figure.high
        assert figure.n == 90


@pytest.mark.parametrize("few", [True, False])
def test_with_fewer_than_thirty_on_either_side_it_is_untested(few):
    few_n, many_n = UNTESTED_BELOW - 1, 40
    positive = np.arange(few_n + many_n) < few_n
    group = np.arange(few_n + many_n).astype(str)
    answer = operating_point("", "a melanoma", positive == few, positive.astype(float), 0.5, group, resamples=5)
    assert answer.at_prevalence == ()
    having, others = (few_n, many_n) if few else (many_n, few_n)
    expected = f"Untested for a melanoma: n = {having} with it and {others} without, where fewer than 30 say too little."
    assert untested(answer) == expected
    assert len(point(0.9, 0.9, n=UNTESTED_BELOW).at_prevalence) == 3


def test_at_the_prevalence_of_the_cases_bayes_gives_what_is_counted():
    generator = np.random.default_rng(0)
    positive = np.arange(500) < 100
    score = generator.normal(size=500) + positive
    answer = operating_point("", "", positive, score, 0.4, np.arange(500).astype(str), resamples=2)
    at_twenty = answer.at_prevalence[-1]
    assert at_twenty.ppv.value == pytest.approx(positive[score >= 0.4].mean())
    assert at_twenty.npv.value == pytest.approx((~positive[score < 0.4]).mean())


def test_groups_are_drawn_whole():
    positive = np.array([True, True, False, False])
    answer = operating_point("", "", positive, np.array([1, 0, 1, 0]), 0.5, np.array(["one"] * 4), resamples=10)
    assert answer.sensitivity.low == answer.sensitivity.high == 0.5


def test_what_has_no_case_is_not_a_number():
    answer = operating_point("", "", np.array([True, True]), np.array([0.9, 0.1]), 0.5, np.array(["a", "b"]), resamples=10)
    assert answer.sensitivity.value == 0.5
    assert np.isnan([answer.specificity.value, answer.specificity.low]).all()
    assert answer.specificity.n == 0
    assert answer.at_prevalence == ()


def test_a_threshold_that_refers_nobody_has_no_positive_predictive_value():
    answer = point(0, 1)
    assert np.isnan([each.ppv.value for each in answer.at_prevalence]).all()
    assert [each.npv.value for each in answer.at_prevalence] == pytest.approx([0.99, 0.94, 0.8])


def test_natural_frequencies_read_as_a_plain_sentence():
    assert natural_frequencies(point(0.95, 0.6, target="a malignancy"), 0.06) == (
        "Of 1,000 such patients, about 60 have a malignancy; 57 of them are found, 3 are missed. "
        "Of the 940 without, about 376 are flagged all the same."
    )


def test_one_patient_is_and_does_not_are():
    text = natural_frequencies(point(0.9, 1), 0.01)
    assert "9 of them are found, 1 is missed" in text
    assert "about 0 are flagged" in text


def test_misses_are_not_rounded_away():
    assert "10 of them are found, hardly any is missed" in natural_frequencies(point(0.97, 0.6), 0.01)
    assert "10 of them are found, 0 are missed" in natural_frequencies(point(1, 0.6), 0.01)


@settings(deadline=None, max_examples=50)
@given(shares, shares, shares)
def test_the_counts_add_up_to_the_patients(sensitivity, specificity, prevalence):
    answer = point(sensitivity, specificity)
    text = natural_frequencies(answer, prevalence).replace("1,000", "1000", 1).replace("hardly any is", "0 are")
    patients, have, found, missed, without, flagged = map(int, re.findall(r"\d+", text))
    assert patients == 1000 == have + without
    assert have == found + missed
    assert min(have, found, missed, without, flagged) >= 0
    assert flagged <= without
    assert have == pytest.approx(1000 * prevalence, abs=0.5)
    assert found == pytest.approx(have * answer.sensitivity.value, abs=0.5)
    assert flagged == pytest.approx(without * (1 - answer.specificity.value), abs=0.5)
