import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from derm_xai.classify.lesion import full_size, lesion


def log_odds(*rows: str) -> torch.Tensor:
    """Log-odds of 2 inside and -2 outside."""
    return torch.tensor([[2.0 if cell == "#" else -2.0 for cell in row] for row in rows])


def test_share_and_edge_share_by_hand():
    seen = lesion(
        log_odds(
            "..##..",
            "..###.",
            "..###.",
            "......",
        )
    )
    assert seen.mask == ("..##..", "..###.", "..###.", "......")
    assert seen.share == pytest.approx(8 / 24)
    # the edge of 4 by 6 cells has 16 of them, each counted once
    assert seen.edge_share == pytest.approx(2 / 16)


@pytest.mark.parametrize(("row", "column"), [(0, 0), (0, 4), (3, 0), (3, 4), (0, 2), (3, 2), (2, 0), (2, 4)])
def test_every_cell_of_the_edge_counts_once(row, column):
    outline = torch.full((4, 5), -1.0)
    outline[row, column] = 1.0
    assert lesion(outline).edge_share == pytest.approx(1 / 14)


def test_a_lesion_over_the_whole_photo_and_none_at_all():
    everywhere, nowhere = lesion(torch.ones(5, 7)), lesion(-torch.ones(5, 7))
    assert (everywhere.share, everywhere.edge_share) == (1, 1)
    assert (nowhere.share, nowhere.edge_share) == (0, 0)
    assert not full_size(-torch.ones(5, 7), 31, 17).any()


def test_holes_are_filled():
    ring = log_odds("......", ".####.", ".#..#.", ".####.", "......")
    assert lesion(ring).mask == ("......", ".####.", ".####.", ".####.", "......")


def test_a_bay_is_not_a_hole():
    bay = log_odds("......", ".####.", ".#....", ".####.", "......")
    assert lesion(bay).mask == ("......", ".####.", ".#....", ".####.", "......")


def test_specks_are_dropped_and_larger_parts_kept():
    # the largest part has 20 cells, so a speck of 2 is no more than a tenth and goes, a part of 3 stays
    outline = log_odds(
        "#####......",
        "#####....##",
        "#####......",
        "#####..###.",
    )
    assert lesion(outline).mask == ("#####......", "#####......", "#####......", "#####..###.")


def test_parts_that_touch_at_a_corner_are_two():
    outline = log_odds(*["#####."] * 4, ".....#")
    assert lesion(outline).mask[-1] == "......"


grids = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=9))


@settings(deadline=None)
@given(grids)
def test_what_is_said_of_a_lesion_agrees_with_its_mask(inside):
    seen = lesion(torch.from_numpy(np.where(inside, 1.0, -1.0)))
    mask = np.array([[cell == "#" for cell in row] for row in seen.mask])
    assert mask.shape == inside.shape
    assert seen.share == pytest.approx(mask.mean())
    edge = [
        mask[row, column]
        for row, column in np.ndindex(mask.shape)
        if row in (0, len(mask) - 1) or column in (0, mask.shape[1] - 1)
    ]
    assert seen.edge_share == pytest.approx(np.mean(edge))
    # what is tidy stays as it is
    assert lesion(torch.from_numpy(np.where(mask, 1.0, -1.0))).mask == seen.mask


@settings(deadline=None)
@given(grids)
def test_in_its_own_size_the_mask_is_the_lesions(inside):
    outline = torch.from_numpy(np.where(inside, 1.0, -1.0).astype(np.float32))
    rows = full_size(outline, *inside.shape)
    assert tuple("".join("#" if cell else "." for cell in row) for row in rows) == lesion(outline).mask


@settings(deadline=None)
@given(st.integers(64, 301), st.integers(64, 301))
def test_a_mask_has_the_photos_own_size_and_the_lesions_place(height, width):
    rows, columns = np.mgrid[:48, :64]
    outline = torch.from_numpy((12 - np.hypot(rows - 18, columns - 40)).astype(np.float32))
    mask = full_size(outline, height, width)
    assert mask.shape == (height, width)
    # the cells' middles lie at 18.5/48 and 40.5/64 of the sides
    down, right = np.argwhere(mask).mean(0) + 0.5
    assert (down / height, right / width) == pytest.approx((18.5 / 48, 40.5 / 64), abs=0.01)
    assert mask.mean() == pytest.approx(np.pi * 12**2 / (48 * 64), rel=0.05)


def test_a_hole_is_filled_and_a_speck_dropped_in_full_size_too():
    outline = log_odds(*["." * 12] * 2, *["..######...."] * 2, "..##..##....", *["..######...."] * 2, "...........#")
    mask = full_size(outline, 8 * 10 + 1, 12 * 10 + 1)
    assert mask[45, 50]
    assert not mask[70:, 100:].any()
    assert not full_size(log_odds(*["." * 12] * 8), 81, 121).any()
