import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from derm_xai.explain.finer import OUTSIDE, cell_of_pixel, finer, outline_guide, weights

in_its_own_time = settings(deadline=None)
grids = st.tuples(st.integers(1, 7), st.integers(1, 7))
values = st.floats(-20, 20, width=32)


@st.composite
def cells_and_guide(draw):
    rows, columns = draw(grids)
    height, width = rows + draw(st.integers(0, 20)), columns + draw(st.integers(0, 20))
    cells = draw(arrays(float, (rows, columns), elements=values))
    return cells, draw(arrays(float, (height, width), elements=st.floats(0.01, 1)))


@in_its_own_time
@given(cells_and_guide())
def test_each_cell_keeps_its_sum(drawn):
    cells, guide = drawn
    place = cell_of_pixel(cells.shape, guide.shape).ravel()
    assert np.bincount(place, finer(cells, guide).ravel()) == pytest.approx(cells.ravel(), abs=1e-9)


@in_its_own_time
@given(cells_and_guide())
def test_weights_are_not_negative_and_sum_to_one_in_each_cell(drawn):
    cells, guide = drawn
    share = weights(cells, guide)
    assert share.min() >= 0
    assert np.bincount(cell_of_pixel(cells.shape, guide.shape).ravel(), share.ravel()) == pytest.approx(np.ones(cells.size))


@in_its_own_time
@given(cells_and_guide())
def test_no_pixel_has_another_sign_than_its_cell(drawn):
    cells, guide = drawn
    own = cells.ravel()[cell_of_pixel(cells.shape, guide.shape)]
    assert (finer(cells, guide) * own >= 0).all()


def test_a_lone_cell_is_shared_out_as_the_guide_says():
    assert finer([[8.0]], np.array([[1.0, 3.0]])).tolist() == [[2.0, 6.0]]


def test_cells_are_joined_linearly_by_hand():
    """Two cells of two pixels: 1, 1.5, 2.5 and 3 between their centres; each cell's pixels have its sum."""
    shown = finer([[1.0, 3.0]], np.ones((1, 4)))[0]
    assert shown == pytest.approx([1 / 2.5, 1.5 / 2.5, 3 * 2.5 / 5.5, 3 * 3 / 5.5])


def test_no_pixel_counts_for_more_than_ten_times_its_cell_by_hand():
    """Beside 10 the cell of 0.1 has 0.1 and 2.575, which is 25.75 times as much and counts as ten times: 1 to 10."""
    assert finer([[0.1, 10.0]], np.ones((1, 4)))[0, :2] == pytest.approx([0.1 / 11, 1 / 11], rel=1e-3)


def test_even_cells_and_an_even_guide_stay_even():
    assert finer(np.full((2, 3), 4.0), np.ones((4, 6))) == pytest.approx(np.ones((4, 6)))


def test_evidence_leans_towards_the_outline():
    guide = outline_guide(("........", "..####..", "..####..", "........"))
    assert guide.min() >= OUTSIDE
    shown = finer([[1.0, 1.0]], guide)
    assert shown[1, 3] > 1.5 * shown[0, 0]


def test_a_guide_coarser_than_the_cells_is_refused():
    with pytest.raises(ValueError, match="coarser"):
        finer(np.ones((4, 4)), np.ones((2, 8)))
