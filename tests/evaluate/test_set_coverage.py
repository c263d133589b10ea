import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from derm_xai.evaluate.records import SetCoverage
from derm_xai.evaluate.scored import Scored
from derm_xai.evaluate.set_coverage import coverage, set_coverages, size
from derm_xai.vocabulary import DIAGNOSES

BCC, MEL, NV = (DIAGNOSES.index(each) for each in ("BCC", "MEL", "NV"))


def with_sets(labels: list[int], **sets: list[set[int]]) -> Scored:
    rows = {
        float(level[1:]) / 100: np.array([[index in members for index in range(11)] for members in each])
        for level, each in sets.items()
    }
    n = len(labels)
    attributes = {
        "image type": np.array(["both", "clinical", "both", ""][:n]),
        "skin tone": np.array(["0", "", "5", "5"][:n]),
        "sex": np.array(["female"] * n),
    }
    return Scored(np.full((n, 11), 1 / 11), np.array(labels), np.arange(n).astype(str), sets=rows, attributes=attributes)


FOUR = with_sets(
    [MEL, MEL, BCC, NV],
    L90=[{MEL, NV}, {NV}, {BCC}, {NV, MEL, BCC}],
    L95=[{MEL, NV}, {MEL, NV}, {BCC}, {MEL}],
)


def found(answers: tuple[SetCoverage, ...]) -> dict[tuple[float, str, str], tuple[float, float, int]]:
    return {
        (each.level, each.group_by, each.group): (each.coverage.value, each.size.value, each.coverage.n) for each in answers
    }


def test_by_hand():
    answers = set_coverages("a set", FOUR, resamples=5)
    assert {each.data for each in answers} == {"a set"}
    assert found(answers) == {
        (0.9, "all", "all"): (3 / 4, 7 / 4, 4),
        (0.9, "malignant", "malignant"): (2 / 3, pytest.approx(4 / 3), 3),
        (0.9, "diagnosis", "BCC"): (1, 1, 1),
        (0.9, "diagnosis", "MEL"): (1 / 2, 3 / 2, 2),
        (0.9, "diagnosis", "NV"): (1, 3, 1),
        (0.9, "image type", "both"): (1, 3 / 2, 2),
        (0.9, "image type", "clinical"): (0, 1, 1),
        (0.9, "skin tone", "0"): (1, 2, 1),
        (0.9, "skin tone", "5"): (1, 2, 2),
        (0.95, "all", "all"): (3 / 4, 6 / 4, 4),
        (0.95, "malignant", "malignant"): (1, pytest.approx(5 / 3), 3),
        (0.95, "diagnosis", "BCC"): (1, 1, 1),
        (0.95, "diagnosis", "MEL"): (1, 2, 2),
        (0.95, "diagnosis", "NV"): (0, 1, 1),
        (0.95, "image type", "both"): (1, 3 / 2, 2),
        (0.95, "image type", "clinical"): (1, 2, 1),
        (0.95, "skin tone", "0"): (1, 2, 1),
        (0.95, "skin tone", "5"): (1 / 2, 1, 2),
    }


def test_groups_that_no_case_is_in_are_left_out():
    naevi = with_sets([NV, NV], L90=[{NV}, set()])
    bare = Scored(naevi.probabilities, naevi.label, naevi.group, sets=naevi.sets)
    assert found(set_coverages("", bare, resamples=5)) == {
        (0.9, "all", "all"): (0.5, 0.5, 2),
        (0.9, "diagnosis", "NV"): (0.5, 0.5, 2),
    }


def test_intervals_are_of_the_group_alone():
    # every melanoma is covered, no naevus is: either alone has no width
    mixed = with_sets([MEL, NV, MEL, NV], L90=[{MEL}, {MEL}, {MEL}, {MEL}])
    answers = {each.group: each.coverage for each in set_coverages("", mixed, resamples=50)}
    assert (answers["MEL"].low, answers["MEL"].high) == (1, 1)
    assert (answers["NV"].low, answers["NV"].high) == (0, 0)
    assert answers["all"].low < 0.5 < answers["all"].high


@settings(deadline=None)
@given(st.integers(1, 20).flatmap(lambda n: st.tuples(arrays(bool, (n, 11)), arrays(int, n, elements=st.integers(0, 10)))))
def test_coverage_is_a_share_and_larger_sets_cover_no_less(drawn):
    members, label = drawn
    larger = members | (np.arange(11) == 3)
    cases = Scored(np.zeros(members.shape), label, label.astype(str), sets={0.9: members, 0.95: larger})
    assert 0 <= coverage(0.9, cases) <= coverage(0.95, cases) <= 1
    assert 0 <= size(0.9, cases) <= size(0.95, cases) <= 11
    everything = Scored(cases.probabilities, label, cases.group, sets={0.9: np.ones_like(members)})
    assert (coverage(0.9, everything), size(0.9, everything)) == (1, 11)
