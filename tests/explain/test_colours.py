import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from derm_xai.explain.colours import SIX, cielab, shares, variance

NO_SKIN = np.empty((0, 3), np.uint8)
SKIN = np.full((4, 3), 180, np.uint8)


def test_cielab_by_the_book():
    """White is 100, 0, 0 and black 0, 0, 0; sRGB red is 53.2, 80.1, 67.2.

    Grey of 119, 0.4667 of white, is linear 0.1845, and 116 times its cube root, less 16, is 50.03.
    """
    lab = cielab(np.array([[255, 255, 255], [0, 0, 0], [255, 0, 0], [119, 119, 119]], np.uint8))
    assert lab == pytest.approx(np.array([[100, 0, 0], [0, 0, 0], [53.24, 80.09, 67.2], [50.03, 0, 0]]), abs=0.05)


@pytest.mark.parametrize("colour", SIX)
def test_each_of_the_six_is_nearest_to_itself(colour):
    found = shares(np.array([SIX[colour]] * 7, np.uint8), NO_SKIN)
    assert found == {name: float(name == colour) for name in SIX}


def test_half_black_half_light_brown_by_hand():
    """Half of it each, and each lies half their distance from the mean."""
    pixels = np.array([SIX["black"]] * 50 + [SIX["light brown"]] * 50, np.uint8)
    found = shares(pixels, NO_SKIN)
    assert (found["black"], found["light brown"]) == (0.5, 0.5)
    apart = cielab(pixels[0]) - cielab(pixels[-1])
    assert variance(pixels) == pytest.approx((apart**2).sum() / 4)
    assert variance(pixels[:50]) == pytest.approx(0, abs=1e-18)


def test_white_counts_only_where_it_is_lighter_than_the_skin_around():
    pixels = np.array([SIX["white"]] * 3, np.uint8)
    assert shares(pixels, np.full((4, 3), 150, np.uint8))["white"] == 1
    fair = shares(pixels, np.full((4, 3), 230, np.uint8))
    assert (fair["white"], fair["blue-grey"]) == (0, 1)


def test_pink_pale_brown_and_a_grey_that_is_a_little_warm_are_no_blue_grey_and_slate_is():
    pixels = np.array([(200, 140, 140), (190, 150, 120), (122, 118, 117), (112, 116, 130)], np.uint8)
    assert 0 < cielab(pixels)[2, 2] < 2
    assert [shares(each[None], NO_SKIN)["blue-grey"] for each in pixels] == [0, 0, 0, 1]


@given(arrays(np.uint8, (30, 3)), st.randoms())
def test_the_order_and_number_of_pixels_change_nothing(pixels, random):
    order = list(range(30))
    random.shuffle(order)
    for same in (pixels[order], np.repeat(pixels, 4, 0)):
        assert shares(same, SKIN) == pytest.approx(shares(pixels, SKIN))
        assert variance(same) == pytest.approx(variance(pixels), abs=1e-9)
    assert sum(shares(pixels, SKIN).values()) == pytest.approx(1)
