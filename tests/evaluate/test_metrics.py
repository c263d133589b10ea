from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import balanced_accuracy_score, brier_score_loss, f1_score, log_loss, recall_score, roc_auc_score

from derm_xai.evaluate.metrics import (
    CALIBRATION,
    METRICS,
    adaptive_calibration_error,
    balanced_accuracy,
    balanced_calibration_error,
    brier,
    calibration_error_by_chance,
    expected_calibration_error,
    in_order_of,
    intervals,
    macro_auc,
    macro_f1,
    malignancy_auc,
    melanoma_auc,
    negative_log_likelihood,
    resampled,
    roc_area,
)
from derm_xai.evaluate.scored import Scored
from derm_xai.vocabulary import DIAGNOSES

BCC, MEL, NV = (DIAGNOSES.index(each) for each in ("BCC", "MEL", "NV"))


def scored(rows: list[tuple[int, dict[int, float]]]) -> Scored:
    probabilities = np.zeros((len(rows), 11))
    for row, (_, by_class) in enumerate(rows):
        probabilities[row, list(by_class)] = list(by_class.values())
    return Scored(probabilities, np.array([label for label, _ in rows]), np.array([f"g{row}" for row in range(len(rows))]))


def drawn(n: int = 400, seed: int = 0, classes: int = 11) -> Scored:
    """Random probabilities in steps of 0.05, so that many are equal, of cases that hold the first `classes`."""
    generator = np.random.default_rng(seed)
    label = generator.integers(classes, size=n)
    probabilities = generator.multinomial(20, generator.dirichlet(np.ones(11) * 0.4, n)) / 20
    return Scored(probabilities, label, label.astype(str))


FOUR = scored([(MEL, {MEL: 0.9, NV: 0.1}), (MEL, {MEL: 0.3, NV: 0.7}), (NV, {NV: 0.6, MEL: 0.4}), (NV, {NV: 0.8, BCC: 0.2})])


def test_balanced_accuracy_by_hand():
    assert balanced_accuracy(FOUR) == pytest.approx((0.5 + 1.0) / 2)


def test_a_class_that_no_case_has_counts_as_wrong():
    assert balanced_accuracy(scored([(MEL, {BCC: 0.9}), (NV, {NV: 0.9})])) == pytest.approx(0.5)


def test_macro_f1_by_hand():
    # melanoma: precision 1, recall 1/2, so 2/3; naevus: precision 2/3, recall 1, so 4/5
    assert macro_f1(FOUR) == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_aucs_by_hand():
    # melanoma: 0.9 and 0.3 against 0.4 and 0: three of four pairs in order
    assert melanoma_auc(FOUR) == pytest.approx(0.75)
    # malignancy adds the carcinoma's 0.2: 0.9 and 0.3 against 0.4 and 0.2
    assert malignancy_auc(FOUR) == pytest.approx(0.75)


@pytest.mark.parametrize("classes", [11, 6])
@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
def test_with_ties_and_missing_classes_the_figures_are_scikit_learns(classes):
    cases = drawn(classes=classes)
    leading = cases.probabilities.argmax(1)
    areas = [roc_auc_score(cases.label == index, cases.probabilities[:, index]) for index in range(classes)]
    assert macro_auc(cases) == pytest.approx(np.mean(areas), abs=1e-12)
    assert balanced_accuracy(cases) == pytest.approx(balanced_accuracy_score(cases.label, leading), abs=1e-12)
    f1 = f1_score(cases.label, leading, labels=range(classes), average="macro", zero_division=0)
    assert macro_f1(cases) == pytest.approx(f1, abs=1e-12)
    every = list(range(11))
    assert negative_log_likelihood(cases) == pytest.approx(log_loss(cases.label, cases.probabilities, labels=every), abs=1e-9)
    assert brier(cases) == pytest.approx(brier_score_loss(cases.label, cases.probabilities, labels=every, scale_by_half=False))


def test_macro_auc_is_scikit_learns_multiclass_one():
    cases = drawn()
    expected = roc_auc_score(cases.label, cases.probabilities, multi_class="ovr", average="macro")
    assert macro_auc(cases) == pytest.approx(expected)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=2))
def test_roc_area_is_scikit_learns_where_it_is_defined(cases):
    positive, score = np.array([each for each, _ in cases]), np.array([float(each) for _, each in cases])
    if positive.all() or not positive.any():
        assert np.isnan(roc_area(positive, score))
    else:
        assert roc_area(positive, score) == pytest.approx(roc_auc_score(positive, score), abs=1e-12)


def test_what_is_not_defined_is_not_a_number():
    naevi = scored([(NV, {NV: 0.9}), (NV, {NV: 0.4, MEL: 0.6})])
    assert np.isnan([macro_auc(naevi), melanoma_auc(naevi), malignancy_auc(naevi)]).all()


def test_calibration_by_hand():
    # leading: 0.9 right, 0.7 wrong, 0.6 right, 0.8 right, each in a bin of its own
    gaps = (0.1 + 0.7 + 0.4 + 0.2) / 4
    assert expected_calibration_error(FOUR) == pytest.approx(gaps)
    assert adaptive_calibration_error(FOUR) == pytest.approx(gaps)
    assert brier(FOUR) == pytest.approx((2 * 0.01 + 2 * 0.49 + 2 * 0.16 + 2 * 0.04) / 4)
    assert negative_log_likelihood(FOUR) == pytest.approx(-np.log([0.9, 0.3, 0.6, 0.8]).mean())


def test_what_chance_leaves_of_the_calibration_error_is_what_rightly_stated_chances_leave():
    generator = np.random.default_rng(0)
    stated = generator.uniform(0.34, 0.99, 600)
    errors = []
    for _ in range(300):
        right = generator.random(600) < stated
        cases = scored([(MEL if hit else NV, {MEL: chance, BCC: 0.33}) for hit, chance in zip(right, stated, strict=True)])
        errors.append(expected_calibration_error(cases))
    assert calibration_error_by_chance(cases) == pytest.approx(np.mean(errors), rel=0.05)


def test_a_bin_of_equal_width_holds_its_upper_edge_and_not_its_lower():
    # 0.6 is the edge between the ninth bin and the tenth: with 0.55, right and wrong balance; apart they would not
    assert expected_calibration_error(scored([(NV, {NV: 0.6}), (MEL, {NV: 0.55})])) == pytest.approx(0.15 / 2)
    assert expected_calibration_error(scored([(NV, {NV: 0.6}), (MEL, {NV: 0.65})])) == pytest.approx((0.4 + 0.65) / 2)


def test_equal_width_bins_are_scikit_learns():
    generator = np.random.default_rng(3)
    cases = Scored(generator.dirichlet(np.ones(11) * 0.3, 500), generator.integers(11, size=500), np.arange(500).astype(str))
    confidence, right = cases.probabilities.max(1), cases.probabilities.argmax(1) == cases.label
    accuracy, mean = calibration_curve(right, confidence, n_bins=15)
    counts, _ = np.histogram(confidence, np.linspace(0, 1, 16))
    assert expected_calibration_error(cases) == pytest.approx(np.average(np.abs(accuracy - mean), weights=counts[counts > 0]))


def test_equal_mass_bins_hold_equally_many_cases():
    # 30 confidences, 15 bins of two neighbours
    confidence = np.linspace(0.5, 0.95, 30)
    right = np.arange(30) % 3 > 0
    cases = scored([(NV if hit else MEL, {NV: value}) for value, hit in zip(confidence, right, strict=True)])
    pairs = (right - confidence).reshape(15, 2).sum(1)
    assert adaptive_calibration_error(cases) == pytest.approx(np.abs(pairs).sum() / 30)


def test_cases_of_equal_confidence_balance_within_equal_mass_bins_whatever_their_order():
    sure = [(NV, {NV: 0.75})] * 45 + [(MEL, {NV: 0.75})] * 15
    assert adaptive_calibration_error(scored(sure)) == pytest.approx(0, abs=1e-12)
    assert adaptive_calibration_error(scored(sure[::-1])) == pytest.approx(0, abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1), st.randoms())
def test_values_in_order_of_a_score_do_not_depend_on_the_order_of_cases(cases, random):
    shuffled = random.sample(cases, len(cases))
    first, second = (in_order_of(*np.array(each, dtype=float).T) for each in (cases, shuffled))
    assert (first == second).all()
    assert first.sum() == pytest.approx(sum(value for _, value in cases))


def interval(metric, cases, resamples=1000):
    return intervals({"the": metric}, cases, resamples)["the"]


def test_the_interval_holds_the_figure_and_narrows_with_n():
    generator = np.random.default_rng(1)

    def figure(n):
        label = generator.integers(2, size=n) * (MEL - NV) + NV
        probabilities = np.zeros((n, 11))
        probabilities[:, MEL] = (label == MEL) * 0.5 + generator.uniform(size=n)
        return interval(melanoma_auc, Scored(probabilities, label, np.arange(n).astype(str)))

    small, large = figure(60), figure(600)
    assert small.low < small.value < small.high
    assert large.high - large.low < small.high - small.low
    assert large.n == 600


def test_groups_are_drawn_whole():
    # one group holds every case: each resample is the same, so the interval has no width
    same = Scored(FOUR.probabilities, FOUR.label, np.array(["one"] * 4))
    figure = interval(melanoma_auc, same)
    assert figure.low == figure.high == figure.value


def test_a_resample_holds_as_many_groups_as_there_are_each_with_all_its_cases():
    group = np.array(["b", "a", "b", "c", "b", "c"])
    cases_of = {"a": [1], "b": [0, 2, 4], "c": [3, 5]}
    seen = set()
    for rows in resampled(group, 50):
        counts = np.bincount(rows, minlength=6)
        times = [counts[cases[0]] for cases in cases_of.values()]
        assert sum(times) == 3
        assert all((counts[cases] == times[place]).all() for place, cases in enumerate(cases_of.values()))
        seen.add(tuple(rows))
    assert len(seen) > 5


def test_intervals_are_the_percentiles_over_the_resamples_that_define_the_metric():
    cases = drawn(40, seed=5)
    rare = Scored(cases.probabilities, np.where(np.arange(40) == 7, MEL, NV), np.arange(40).astype(str))
    values = [melanoma_auc(rare.take(rows)) for rows in resampled(rare.group, 200)]
    assert 0 < np.isnan(values).sum() < 200
    figure = intervals({"MEL": melanoma_auc}, rare, resamples=200)["MEL"]
    assert (figure.low, figure.high) == pytest.approx(tuple(np.nanpercentile(values, (2.5, 97.5))))
    assert figure.value == melanoma_auc(rare)


def test_in_a_resample_without_one_of_its_classes_a_mean_over_classes_is_not_defined():
    naevi = FOUR.take(np.array([2, 3]))
    assert (balanced_accuracy(naevi), macro_f1(naevi)) == (1, 1)
    resample = replace(naevi, classes=FOUR.held)
    assert np.isnan([metric(resample) for metric in (balanced_accuracy, macro_auc, macro_f1)]).all()


def test_a_class_of_one_case_counts_in_every_resample_that_counts():
    # the melanoma is missed and the naevi are found: a half, wherever the melanoma was drawn; without it, it would be 1
    figure = interval(balanced_accuracy, scored([(MEL, {NV: 0.9}), *[(NV, {NV: 0.9})] * 5]), resamples=200)
    assert (figure.low, figure.value, figure.high) == (0.5, 0.5, 0.5)


def test_the_interval_of_balanced_accuracy_is_of_scikit_learns_over_the_resamples_with_every_class():
    cases = replace(drawn(12, seed=2, classes=6), group=np.arange(12).astype(str))
    parts = [cases.take(rows) for rows in resampled(cases.group, 200)]
    whole = [part for part in parts if set(part.label) == set(range(6))]
    assert 0 < len(whole) < 200
    values = [recall_score(each.label, each.probabilities.argmax(1), labels=range(6), average="macro") for each in whole]
    figure = interval(balanced_accuracy, cases, resamples=200)
    assert (figure.low, figure.high) == pytest.approx(tuple(np.percentile(values, (2.5, 97.5))))


def test_a_figure_never_defined_has_no_interval_and_no_warning(recwarn):
    figure = interval(melanoma_auc, scored([(NV, {NV: 0.9}), (NV, {NV: 0.4})]), resamples=5)
    assert np.isnan([figure.value, figure.low, figure.high]).all()
    assert not recwarn.list


def test_together_the_metrics_get_the_intervals_that_each_gets_alone():
    cases = drawn(60)
    together = intervals(METRICS | CALIBRATION, cases, resamples=20)
    assert list(together) == [*METRICS, *CALIBRATION]
    for name, metric in (METRICS | CALIBRATION).items():
        assert together[name] == intervals({name: metric}, cases, resamples=20)[name]


def test_calibration_with_diagnoses_alike_by_hand():
    """Three naevi at .9, all right, and a melanoma at .9 that is wrong: as they are .75 are right of .9, else a half."""
    cases = scored([(NV, {NV: 0.9, MEL: 0.1})] * 3 + [(MEL, {NV: 0.9, MEL: 0.1})])
    assert expected_calibration_error(cases) == pytest.approx(0.15)
    assert balanced_calibration_error(cases) == pytest.approx(0.4)
    naevi = replace(cases.take(np.arange(3)), classes=cases.held)
    assert np.isnan(balanced_calibration_error(naevi))
