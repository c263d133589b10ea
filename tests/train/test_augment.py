import numpy as np
import pytest
import torch
from torch import nn

from derm_xai.artefacts import Artefact, overlay
from derm_xai.classify.preprocess import scale
from derm_xai.train.augment import CANVAS, LAID, Augment, artefact_sheets, canvas
from tests.conftest import draw

CLEAR = torch.zeros(1, 4, *CANVAS, dtype=torch.uint8)
RED = CLEAR.clone()
RED[:, 0] = RED[:, 3] = 255


def discs(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """White discs off the middle on black, and the same as masks."""
    rows, columns = np.mgrid[: CANVAS[0], : CANVAS[1]]
    masks = np.stack([np.hypot(rows - 60 - 5 * index, columns - 90) < 30 + 3 * index for index in range(count)])
    white = np.repeat(masks[..., None], 3, 3).astype(np.uint8) * 255
    return scale(white), torch.from_numpy(masks.astype(np.float32))


def test_a_square_photo_keeps_its_middle_and_is_mirrored_outwards():
    pixels = draw(1, 224, 224)
    placed = canvas(pixels)
    assert placed.shape == (*CANVAS, 3)
    assert np.array_equal(placed[:, 16:240], pixels[16:208])
    assert np.array_equal(placed[:, 15], placed[:, 17])


def test_a_photo_of_the_canvas_shape_is_left_alone():
    assert np.array_equal(canvas(draw(1)), draw(1))


@pytest.mark.parametrize("shape", [(224, 224), (256, 192), (160, 320)])
def test_a_mask_is_placed_as_its_photo_is(shape):
    pixels = draw(1, *shape)
    assert np.array_equal(canvas(pixels[..., 0]), canvas(pixels)[..., 0])


def test_views_are_random_stay_in_range_and_repeat_with_the_seed():
    photos, masks = scale(np.stack([draw(1), draw(2)])), discs(2)[1]
    sheets = artefact_sheets(0, 5)
    drawn = []
    for seed in (0, 0, 1):
        torch.manual_seed(seed)
        drawn.append(Augment((160, 224), sheets)(photos, masks))
    (views, moved), again, other = drawn
    assert views.shape == (2, 3, 160, 224)
    assert moved.shape == (2, 160, 224)
    assert views.abs().max() <= 1
    assert moved.min() >= 0
    assert moved.max() <= 1
    assert torch.equal(views, again[0])
    assert torch.equal(moved, again[1])
    assert not torch.equal(views, other[0])
    assert not torch.equal(moved, other[1])


def test_photo_and_mask_move_together():
    torch.manual_seed(3)
    photos, masks = discs(6)
    augment = Augment(CANVAS, CLEAR)
    augment.looks = nn.Sequential()
    views, moved = augment(photos, masks)
    for channel in range(3):
        assert torch.allclose((views[:, channel] + 1) / 2, moved, atol=1e-5)
    # and they did move, each in its own way
    assert all((moved[index] - masks[index]).abs().mean() > 0.01 for index in range(6))


def test_with_all_changes_of_look_the_mask_still_finds_the_disc():
    torch.manual_seed(4)
    views, moved = Augment((160, 224), artefact_sheets(0, 5))(*discs(8))
    bright, inside = views.mean(1) > 0, moved > 0.5
    overlap = (bright & inside).sum((1, 2)) / (bright | inside).sum((1, 2))
    assert float(overlap.median()) > 0.9


def test_a_mask_that_is_not_known_stays_unknown_and_spoils_nothing_else():
    photos, masks = discs(3)
    masks[1] = float("nan")
    torch.manual_seed(5)
    views, moved = Augment((160, 224), CLEAR)(photos, masks)
    assert moved[1].isnan().all()
    assert not moved[[0, 2]].isnan().any()
    assert not views.isnan().any()


def test_an_artefact_lies_on_about_as_many_photos_as_said():
    torch.manual_seed(6)
    augment = Augment(CANVAS, RED)
    augment.moves = augment.looks = nn.Sequential()
    black = torch.full((120, 3, *CANVAS), -1.0)
    views, masks = augment(black, torch.zeros(120, *CANVAS))
    laid = views[:, 0, 0, 0] == 1
    assert float(laid.float().mean()) == pytest.approx(LAID, abs=0.15)
    # all or nothing: red over the whole photo, or the photo as it was; never on the mask
    assert (views[laid, 0] == 1).all()
    assert (views[:, 1:] == -1).all()
    assert torch.equal(views[~laid], black[~laid])
    assert not masks.any()


def test_sheets_show_each_artefact_as_often_as_the_others():
    sheets = artefact_sheets(7, 10)
    assert sheets.shape == (10, 4, *CANVAS)
    assert sheets.dtype == torch.uint8
    generator = np.random.default_rng(7)
    for index, artefact in enumerate([*Artefact, *Artefact]):
        assert np.array_equal(sheets[index].movedim(0, -1).numpy(), overlay(artefact, generator, *CANVAS))
    assert torch.equal(sheets, artefact_sheets(7, 10))
