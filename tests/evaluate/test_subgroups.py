from dataclasses import replace

import numpy as np
import pytest

from derm_xai.evaluate.metrics import METRICS, intervals
from derm_xai.evaluate.records import Subgroup
from derm_xai.evaluate.scored import Scored
from derm_xai.evaluate.subgroups import subgroups, untested
from derm_xai.vocabulary import DIAGNOSES
from tests.evaluate.test_metrics import MEL, NV, drawn

FEW, ENOUGH, WOMEN = 29, 30, 60


@pytest.fixture(scope="module")
def cases() -> Scored:
    """60 women, each second with a melanoma and the others with a naevus, 29 men, 40 whose sex is not known."""
    sex = np.array(["female"] * WOMEN + ["male"] * FEW + [""] * 40)
    label = np.where(np.arange(129) % 2, MEL, NV)
    return replace(
        drawn(129, seed=4),
        label=label,
        group=np.arange(129).astype(str),
        attributes={"sex": sex, "image type": sex, "site": np.array(["trunk"] * 129)},
    )


def test_every_known_value_but_of_the_image_type_is_there(cases):
    found = {(each.group_by, each.group): each.n for each in subgroups("a set", cases, resamples=2)}
    assert found == {("sex", "female"): WOMEN, ("sex", "male"): FEW, ("site", "trunk"): 129}
    assert {each.data for each in subgroups("a set", cases, resamples=2)} == {"a set"}


def test_thirty_cases_have_figures_and_twenty_nine_have_none(cases):
    women, men, _ = subgroups("", cases, resamples=5)
    assert list(women.figures) == list(METRICS)
    assert men.figures == {}


def test_the_figures_are_of_the_cases_and_the_classes_of_the_subgroup(cases):
    women, _, _ = subgroups("", cases, resamples=5)
    alone = cases.take(np.arange(WOMEN))
    assert women.figures == intervals(METRICS, alone, resamples=5)
    assert women.figures["macro AUC"].n == WOMEN


@pytest.mark.parametrize("melanomas", [ENOUGH, FEW])
def test_an_auc_of_too_few_melanomas_is_left_out(cases, melanomas):
    """Of 60 women: 30 melanomas against 30 others are enough, 29 against 31 are not."""
    part = replace(cases, label=np.where(np.arange(129) < melanomas, MEL, NV))
    women = next(each for each in subgroups("", part, resamples=5) if each.group == "female")
    assert ("melanoma AUC" in women.figures) is ("malignancy AUC" in women.figures) is (melanomas == ENOUGH)
    assert "macro AUC" in women.figures


def test_parts_without_a_case_are_untested_too():
    parts = [Subgroup(data="a set", group_by="skin tone", group=tone, n=n, figures={}) for tone, n in (("0", 29), ("3", 30))]
    named = [("skin tone", "0", 29), *(("skin tone", tone, 0) for tone in "1245")]
    assert untested(parts) == named


def test_figures_that_are_not_defined_are_left_out(cases):
    naevi_and_keratoses = replace(cases, label=np.where(cases.label == MEL, DIAGNOSES.index("BKL"), NV))
    women, _, _ = subgroups("", naevi_and_keratoses, resamples=5)
    assert list(women.figures) == ["balanced accuracy", "macro AUC", "macro F1"]
