from dataclasses import replace

import numpy as np
import pytest
import torch

from derm_xai.explain.abcd import abcd
from derm_xai.explain.colours import SIX, cielab
from derm_xai.records import Abcd

OUTLINE = torch.full((48, 64), -4.0)
OUTLINE[12:36, 20:44] = 4.0
"""A square in the middle, 96 pixels wide in a photo of 192 by 256."""


def painted(clinical, height, width):
    """A photo that is black in its left half and light brown in its right."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:, : width // 2], pixels[:, width // 2 :] = SIX["black"], SIX["light brown"]
    return replace(clinical, pixels=pixels)


@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_square_of_two_colours_by_hand_at_any_size(clinical, times):
    found = abcd(painted(clinical, 192 * times, 256 * times), OUTLINE, 8.0)
    assert found.asymmetrical_axes == 0
    assert found.compactness == pytest.approx(4 / np.pi, rel=0.04)
    assert found.colours == ("light brown", "black")
    assert found.colour_shares["black"] == pytest.approx(0.5, abs=0.01)
    # the corners of the enlarged outline are a little round
    assert found.diameter_share == pytest.approx(96 * np.sqrt(2) / 256, rel=0.04)
    assert found.diameter_px == pytest.approx(found.diameter_share * 256 * times)
    assert found.diameter_mm == 8
    assert not found.cut_off
    assert Abcd.model_validate_json(found.model_dump_json()) == found


def test_a_photo_of_other_proportions_is_measured_in_its_own(clinical):
    """Twice as wide as the network saw it: the square is a rectangle of two to one, 6² / (4 π 2) = 1.43."""
    assert abcd(painted(clinical, 160, 427), OUTLINE, None).compactness == pytest.approx(1.43, rel=0.05)


def outlined(*parts):
    """An outline of rectangles (rows, columns)."""
    outline = torch.full((48, 64), -4.0)
    for rows, columns in parts:
        outline[slice(*rows), slice(*columns)] = 4.0
    return outline


def test_no_scale_is_guessed(clinical):
    assert abcd(clinical, OUTLINE, None).diameter_mm is None


@pytest.mark.parametrize(
    "part", [((12, 36), (0, 20)), ((12, 36), (44, 64)), ((0, 20), (20, 44)), ((28, 48), (20, 44))], ids=str
)
def test_a_lesion_cut_off_at_any_side_says_so(clinical, part):
    assert abcd(clinical, outlined(part), None).cut_off


def test_the_variance_of_colours_is_that_of_the_lesion_alone(clinical):
    """Half of the square is black and half light brown, each half their distance from the mean; the skin around is grey."""
    photo = painted(clinical, 192, 256)
    pixels = np.full_like(photo.pixels, 200)
    pixels[48:144, 80:176] = photo.pixels[48:144, 80:176]
    apart = np.subtract(*cielab(np.array([SIX["black"], SIX["light brown"]], np.uint8)))
    found = abcd(replace(photo, pixels=pixels), OUTLINE, None)
    assert found.colour_variance == pytest.approx((apart**2).sum() / 4, rel=0.05)


def test_a_second_part_of_the_lesion_is_no_skin(clinical):
    """Were it taken for skin, the larger part would not be lighter than the skin around, and so not white."""
    pixels = np.full((192, 256, 3), 180, np.uint8)
    pixels[20:172, 4:122], pixels[20:172, 132:244] = SIX["white"], 255
    found = abcd(replace(clinical, pixels=pixels), outlined(((6, 42), (2, 30)), ((6, 42), (34, 60))), None)
    assert found.colour_shares["white"] > 0.9


def test_without_an_outline_there_is_nothing_to_measure(clinical):
    assert abcd(clinical, torch.full((48, 64), -4.0), 5.0) is None
