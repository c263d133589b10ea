from dataclasses import replace

import numpy as np
import pytest

from derm_xai.evaluate.metrics import METRICS, intervals
from derm_xai.evaluate.scored import Scored
from derm_xai.evaluate.subgroups import subgroups
from derm_xai.vocabulary import DIAGNOSES
from tests.evaluate.test_metrics import MEL, NV, drawn

FEW, ENOUGH = 29, 30


@pytest.fixture(scope="module")
def cases() -> Scored:
    """30 women with a melanoma or a naevus, 29 men, 40 whose sex is not known."""
    sex = np.array(["female"] * ENOUGH + ["male"] * FEW + [""] * 40)
    label = np.where(np.arange(99) % 2, MEL, NV)
    return replace(
        drawn(99, seed=4),
        label=label,
        group=np.arange(99).astype(str),
        attributes={"sex": sex, "image type": sex, "site": np.array(["trunk"] * 99)},
    )


def test_every_known_value_but_of_the_image_type_is_there(cases):
    found = {(each.group_by, each.group): each.n for each in subgroups("a set", cases, resamples=2)}
    assert found == {("sex", "female"): ENOUGH, ("sex", "male"): FEW, ("site", "trunk"): 99}
    assert {each.data for each in subgroups("a set", cases, resamples=2)} == {"a set"}


def test_thirty_cases_have_figures_and_twenty_nine_have_none(cases):
    women, men, _ = subgroups("", cases, resamples=5)
    assert list(women.figures) == list(METRICS)
    assert men.figures == {}


def test_the_figures_are_of_the_cases_and_the_classes_of_the_subgroup(cases):
    women, _, _ = subgroups("", cases, resamples=5)
    alone = cases.take(np.arange(ENOUGH))
    assert women.figures == intervals(METRICS, alone, resamples=5)
    assert women.figures["macro AUC"].n == ENOUGH


def test_figures_that_are_not_defined_are_left_out(cases):
    naevi_and_keratoses = replace(cases, label=np.where(cases.label == MEL, DIAGNOSES.index("BKL"), NV))
    women, _, _ = subgroups("", naevi_and_keratoses, resamples=5)
    assert list(women.figures) == ["balanced accuracy", "macro AUC", "macro F1"]
