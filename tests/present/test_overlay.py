import numpy as np
import pytest

from derm_xai.present.overlay import AGAINST, FOR, LEAST_LIMIT, cells_limit, colour_bar, contour, evidence_overlay, fine, stable

# Machado, Oliveira and Fernandes 2009, severity 1.0, for linear RGB
PROTANOPIA = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
DEUTERANOPIA = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
TRITANOPIA = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))


@pytest.fixture
def photo():
    return np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)


def test_without_evidence_the_photo_stays_as_it_is(photo):
    assert np.array_equal(evidence_overlay(photo, ((0.0, 0.0), (0.0, 0.0)), 1.0), photo)


def test_without_opacity_the_photo_stays_as_it_is(photo):
    assert np.array_equal(evidence_overlay(photo, ((1.0, -1.0),), 0.0), photo)


def test_full_evidence_at_full_opacity_is_the_end_of_the_scale(photo):
    assert (evidence_overlay(photo, ((0.3,),), 1.0, limit=0.3) == FOR).all()
    assert (evidence_overlay(photo, ((-0.3,),), 1.0, limit=0.3) == AGAINST).all()


def test_half_the_evidence_covers_half(photo):
    half = evidence_overlay(photo, ((0.15,),), 1.0, limit=0.3)
    assert np.abs(half - (photo / 2 + np.array(FOR) / 2)).max() <= 0.5


def test_evidence_beyond_the_limit_is_the_end_of_the_scale(photo):
    assert (evidence_overlay(photo, ((9.0,),), 1.0, limit=0.3) == FOR).all()


def test_each_sign_keeps_its_side():
    grey = np.full((40, 80, 3), 128, np.uint8)
    over = evidence_overlay(grey, ((-0.2, 0.2),), 1.0).astype(int)
    assert over[20, 5].argmax() == 2  # blue on the left, against
    assert over[20, 75].argmax() == 0  # orange on the right, for
    assert np.abs(over[20, 40] - 128).max() < 12  # none in between


def test_the_limit_is_the_strongest_cell_of_all_photos_and_never_nothing():
    assert cells_limit([((0.1, -0.4),), ((0.2, 0.3),)]) == pytest.approx(0.4)
    assert cells_limit([((0.0,),)]) == LEAST_LIMIT
    assert cells_limit([]) == LEAST_LIMIT


def test_the_photo_is_not_written_to(photo):
    photo.setflags(write=False)
    assert evidence_overlay(photo, ((1.0,),), 0.5).shape == photo.shape


@pytest.mark.parametrize("matrix", [PROTANOPIA, DEUTERANOPIA, TRITANOPIA])
def test_the_two_sides_stay_apart_for_colour_blind_readers(matrix):
    def seen(colour):
        linear = np.where(np.array(colour) / 255 <= 0.04045, 0, ((np.array(colour) / 255 + 0.055) / 1.055) ** 2.4)
        return 255 * np.clip(np.array(matrix) @ linear, 0, 1) ** (1 / 2.4)

    assert np.linalg.norm(seen(FOR) - seen(AGAINST)) > 100


def test_the_colour_bar_names_its_ends():
    bar = colour_bar(0.12, "log-odds for each cell")
    assert "−0.12" in bar
    assert "+0.12" in bar
    assert "log-odds for each cell" in bar
    assert "+0.045" in colour_bar(0.045, "log-odds")


MASK = ("........", "..####..", "..####..", "........")


def test_a_finer_map_keeps_each_cells_mean():
    shown = fine(((1.0, -2.0),), MASK)
    assert shown.shape == (4, 8)
    assert shown[:, :4].mean() == pytest.approx(1)
    assert shown[:, 4:].mean() == pytest.approx(-2)


def test_evidence_is_stable_two_spreads_from_zero():
    certain = stable(((3.0, 1.0), (-3.0, 0.0)), ((1.0, 1.0), (1.0, 1.0)), (2, 2))
    assert certain.tolist() == [[True, False], [True, False]]


def test_a_contour_is_drawn_at_the_edge_alone_light_and_dark():
    region = np.zeros((20, 20), bool)
    region[5:15, 5:15] = True
    drawn = contour(np.full((40, 40, 3), 128, np.uint8), region)
    changed = (drawn != 128).any(2)
    assert changed.any()
    assert not changed[14:26, 14:26].any()
    assert not changed[:6].any()
    assert {tuple(pixel) for pixel in drawn[changed].tolist()} == {(255, 255, 255), (25, 25, 25)}
    dotted = contour(np.full((40, 40, 3), 128, np.uint8), region, dotted=True)
    assert 0 < (dotted != 128).sum() < (drawn != 128).sum()
