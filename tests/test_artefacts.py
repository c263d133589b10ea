from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from derm_xai.artefacts import Artefact, _gel, lay, overlay
from tests.conftest import draw

HEIGHT, WIDTH = 96, 128


def sheet(artefact: Artefact, seed: int, height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    return overlay(artefact, np.random.default_rng(seed), height, width)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(Artefact), st.integers(0, 10_000), st.sampled_from([(96, 128), (128, 96), (112, 112)]))
def test_each_sheet_has_something_on_it_and_is_clear_elsewhere(artefact, seed, shape):
    drawn = sheet(artefact, seed, *shape)
    assert drawn.shape == (*shape, 4)
    assert drawn.dtype == np.uint8
    alpha = drawn[..., 3]
    assert alpha.any()
    assert (alpha == 0).mean() > 0.3


@pytest.mark.parametrize("artefact", Artefact)
def test_a_sheet_repeats_with_its_seed(artefact):
    assert np.array_equal(sheet(artefact, 3), sheet(artefact, 3))
    assert not np.array_equal(sheet(artefact, 3), sheet(artefact, 4))


@pytest.mark.parametrize("artefact", Artefact)
def test_a_sheet_changes_the_photo_only_where_it_is_not_clear(artefact):
    photo, drawn = draw(1, HEIGHT, WIDTH), sheet(artefact, 0)
    laid = lay(photo, drawn)
    assert laid.shape == photo.shape
    assert laid.dtype == np.uint8
    clear = drawn[..., 3] == 0
    assert np.array_equal(laid[clear], photo[clear])
    assert not np.array_equal(laid, photo)


def test_what_is_laid_on_a_photo_by_hand():
    photo = np.full((1, 3, 3), 100, np.uint8)
    drawn = np.array([[[200, 0, 50, 0], [200, 0, 50, 255], [200, 0, 50, 51]]], np.uint8)
    # 51 of 255 is a fifth: 100 + (200 - 100) / 5 and so on
    assert lay(photo, drawn).tolist() == [[[100, 100, 100], [200, 0, 50], [120, 80, 90]]]


@pytest.mark.parametrize("seed", range(6))
def test_hair_has_one_colour_up_to_its_edges(seed):
    drawn = sheet(Artefact.HAIR, seed).astype(int)
    colors = drawn[drawn[..., 3] > 80][:, :3]
    assert len(colors) > 20
    assert (np.ptp(colors, axis=0) <= 12).all()


@pytest.mark.parametrize("seed", range(12))
def test_ink_is_dark(seed):
    drawn = sheet(Artefact.INK, seed)
    ink = drawn[drawn[..., 3] > 100][:, :3]
    assert len(ink)
    assert ink.max() <= 150


def test_a_bubble_of_gel_is_a_ring_with_a_glint_in_it_by_hand():
    """One bubble of radius 20 in the middle; its glint is moved up and to the left by 8, with a radius of 6."""
    one = SimpleNamespace(integers=lambda *_: 1, uniform=lambda *_: np.array([200.0, 150.0]), gamma=lambda *_: 17.0)
    drawn = Image.new("RGBA", (400, 300))
    _gel(drawn, one)
    assert drawn.getpixel((192, 142)) == (255, 255, 255, 200)
    assert drawn.getpixel((220, 150))[3] == drawn.getpixel((200, 170))[3] == 110
    assert drawn.getpixel((200, 150))[3] == drawn.getpixel((208, 158))[3] == drawn.getpixel((230, 150))[3] == 0


@pytest.mark.parametrize("seed", range(20))
def test_a_ruler_lies_along_one_edge(seed):
    places = np.argwhere(sheet(Artefact.RULER, seed)[..., 3] > 20) / (HEIGHT, WIDTH)
    assert np.ptp(places, axis=0).max() > 0.6
    assert np.abs(places.mean(0) - 0.5).max() > 0.3


@pytest.mark.parametrize("seed", range(10))
def test_dark_corners_are_dark_in_the_corners_and_nowhere_near_the_middle(seed):
    alpha = sheet(Artefact.DARK_CORNERS, seed)[..., 3]
    assert max(alpha[0, 0], alpha[0, -1], alpha[-1, 0], alpha[-1, -1]) == alpha.max() > 0
    assert not alpha[HEIGHT // 4 : -HEIGHT // 4, WIDTH // 4 : -WIDTH // 4].any()
    assert not sheet(Artefact.DARK_CORNERS, seed)[..., :3].any()
