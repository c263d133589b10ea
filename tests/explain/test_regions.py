import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from derm_xai.explain.regions import coverage, inside_ratio, regions

HALF = ("##..", "##..", "....", "....")
"""On a grid of two by two cells: the first cell is lesion, the others are not."""


def test_coverage_by_hand():
    assert coverage(HALF, (2, 2)).tolist() == [[1, 0], [0, 0]]
    assert coverage(HALF, (1, 1)).tolist() == [[0.25]]
    assert coverage(HALF, (1, 2)).tolist() == [[0.5, 0]]


def test_regions_by_hand():
    """Cells 4 and -2 half on the lesion, and one that is off it, 1."""
    sums = regions(np.array([[4.0, 1.0, -2.0]]), ("#.....", "#...##"))
    # the first cell is covered by half, the last by half too
    assert sums.model_dump() == {"for_inside": 2, "for_outside": 3, "against_inside": -1, "against_outside": -1}


def test_all_positive_evidence_on_a_quarter_of_the_photo_is_four_times_its_share():
    assert inside_ratio(np.array([[3.0, -1.0], [0.0, -5.0]]), HALF) == pytest.approx(4)


def test_even_evidence_has_a_ratio_of_one_and_no_lesion_has_none():
    assert inside_ratio(np.ones((2, 2)), HALF) == pytest.approx(1)
    assert inside_ratio(np.ones((2, 2)), ("....",) * 4) == 0
    assert inside_ratio(-np.ones((2, 2)), HALF) == 0


@given(
    arrays(float, (3, 5), elements=st.floats(-9, 9)), st.lists(st.text("#.", min_size=11, max_size=11), min_size=7, max_size=7)
)
def test_the_four_sums_add_up(cells, mask):
    assert sum(regions(cells, mask).model_dump().values()) == pytest.approx(cells.sum(), abs=1e-9)
