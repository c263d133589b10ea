import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from derm_xai.evaluate.metrics import Scored, balanced_accuracy, macro_auc, malignancy_auc, melanoma_auc, with_interval
from derm_xai.vocabulary import DIAGNOSES

BCC, MEL, NV = (DIAGNOSES.index(each) for each in ("BCC", "MEL", "NV"))


def scored(rows: list[tuple[int, dict[int, float]]]) -> Scored:
    probabilities = np.zeros((len(rows), 11))
    for row, (_, given) in enumerate(rows):
        probabilities[row, list(given)] = list(given.values())
    return Scored(probabilities, np.array([label for label, _ in rows]), np.array([f"g{row}" for row in range(len(rows))]))


FOUR = scored([(MEL, {MEL: 0.9, NV: 0.1}), (MEL, {MEL: 0.3, NV: 0.7}), (NV, {NV: 0.6, MEL: 0.4}), (NV, {NV: 0.8, BCC: 0.2})])


def test_balanced_accuracy_by_hand():
    assert balanced_accuracy(FOUR) == pytest.approx((0.5 + 1.0) / 2)


def test_a_class_that_no_case_has_counts_as_wrong():
    assert balanced_accuracy(scored([(MEL, {BCC: 0.9}), (NV, {NV: 0.9})])) == pytest.approx(0.5)


def test_aucs_by_hand():
    # melanoma: 0.9 and 0.3 against 0.4 and 0: three of four pairs in order
    assert melanoma_auc(FOUR) == pytest.approx(0.75)
    # malignancy adds the carcinoma's 0.2: 0.9 and 0.3 against 0.4 and 0.2
    assert malignancy_auc(FOUR) == pytest.approx(0.75)


def test_macro_auc_is_scikit_learns():
    generator = np.random.default_rng(0)
    probabilities = generator.dirichlet(np.ones(11), 400)
    label = generator.integers(11, size=400)
    expected = roc_auc_score(label, probabilities, multi_class="ovr", average="macro")
    assert macro_auc(Scored(probabilities, label, label.astype(str))) == pytest.approx(expected)


def test_the_interval_holds_the_figure_and_narrows_with_n():
    generator = np.random.default_rng(1)

    def figure(n):
        label = generator.integers(2, size=n) * (MEL - NV) + NV
        probabilities = np.zeros((n, 11))
        probabilities[:, MEL] = (label == MEL) * 0.5 + generator.uniform(size=n)
        return with_interval(melanoma_auc, Scored(probabilities, label, np.arange(n).astype(str)))

    small, large = figure(60), figure(600)
    assert small.low < small.value < small.high
    assert large.high - large.low < small.high - small.low
    assert large.n == 600


def test_groups_are_drawn_whole():
    # one group holds every case: each resample is the same, so the interval has no width
    same = Scored(FOUR.probabilities, FOUR.label, np.array(["one"] * 4))
    figure = with_interval(melanoma_auc, same)
    assert figure.low == figure.high == figure.value
