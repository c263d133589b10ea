from math import pi, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derm_xai.explain.shape import _asymmetrical, asymmetry, compactness, diameter, largest_part

SIDE = 141


def grid(turned: float = 0.0):
    """Coordinates from the centre, turned by degrees."""
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE // 2
    angle = np.deg2rad(turned)
    return x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)


def disc(radius: float = 50.0):
    x, y = grid()
    return x**2 + y**2 <= radius**2


def ellipse(turned: float = 0.0):
    x, y = grid(turned)
    return (x / 60) ** 2 + (y / 30) ** 2 <= 1


def square(turned: float = 0.0):
    x, y = grid(turned)
    return (np.abs(x) <= 40) & (np.abs(y) <= 40)


def half_moon(turned: float = 0.0):
    x, y = grid(turned)
    return (x**2 + y**2 <= 60**2) & (y >= 0)


def lopsided():
    """Three squares of a pinwheel with arms of unlike length: no fold covers it."""
    mask = np.zeros((SIDE, SIDE), bool)
    mask[50:80, 50:80] = mask[80:130, 50:62] = mask[50:60, 80:110] = True
    return mask


@pytest.mark.parametrize("mask", [disc(), ellipse(), ellipse(30), square(), square(20)])
def test_what_is_symmetrical_has_no_asymmetrical_axis(mask):
    axes, folds = asymmetry(mask)
    assert axes == 0
    assert min(folds) > 0.94


def test_a_fold_that_covers_ninety_percent_is_symmetrical():
    assert [_asymmetrical(folds) for folds in ((0.9, 0.9), (0.9, 0.899), (0.899, 0.5))] == [0, 1, 2]


@pytest.mark.parametrize("turned", [0, 90, 37])
def test_a_half_moon_by_hand(turned):
    """One axis mirrors it. On the other, through its centre at 4/(3 π) of the radius, 81.5 % come to lie on it.

    The overlap is 4 ∫ √(1 - y²) dy from 0.4244 to 0.8488, 1.2805, over π/2.
    """
    axes, folds = asymmetry(half_moon(turned))
    assert axes == 1
    assert folds == pytest.approx((1, 0.815), abs=0.025)


def test_a_lopsided_shape_is_asymmetrical_on_both_axes():
    assert asymmetry(lopsided())[0] == 2


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        (disc(), 1),
        (square(), 4 / pi),  # 16 a² / (4 π a²)
        (np.ones((80, 80), bool), 4 / pi),  # a square that fills the photo has its border there too
        (ellipse(), 9.688**2 / (4 * pi * 2 * pi)),  # axes 2 and 1: perimeter 9.688, area 2 π
        (half_moon(), (pi + 2) ** 2 / (2 * pi**2)),  # perimeter π + 2, area π / 2
    ],
)
def test_compactness_by_hand(mask, expected):
    assert compactness(mask) == pytest.approx(expected, rel=0.025)


def test_diameters_by_hand():
    assert diameter(disc()) == pytest.approx(101, abs=1.5)
    assert diameter(square()) == pytest.approx(81 * sqrt(2))
    assert diameter(ellipse()) == pytest.approx(121, abs=1.5)
    assert diameter(np.ones((3, 4), bool)) == 5


def test_the_largest_part_is_measured():
    mask = disc(20)
    mask[:3, :3] = True
    assert (largest_part(mask) == disc(20)).all()


def star(waves, radius):
    """An outline whose radius goes up and down around it by waves of (strength, phase)."""
    side = int(4 * radius) | 1
    y, x = np.mgrid[:side, :side] - side // 2
    angle = np.arctan2(y, x)
    rim = 1 + sum(strength * np.cos(times * angle + phase) for times, (strength, phase) in enumerate(waves, 1))
    return np.hypot(x, y) <= radius * rim


WAVES = st.lists(st.tuples(st.floats(0, 0.12), st.floats(0, 6.2)), min_size=3, max_size=5)


@settings(max_examples=30, deadline=None)
@given(WAVES)
def test_a_quarter_turn_a_mirror_and_another_scale_change_neither_a_nor_b(waves):
    mask, larger = star(waves, 30), star(waves, 60)
    axes, folds = asymmetry(mask)
    for other in (np.rot90(mask), mask[:, ::-1], mask[::-1]):
        assert asymmetry(other) == (axes, pytest.approx(folds, abs=0.01))
        assert compactness(other) == pytest.approx(compactness(mask), rel=1e-6)
        assert diameter(other) == pytest.approx(diameter(mask))
    assert sum(asymmetry(larger)[1]) == pytest.approx(sum(folds), abs=0.08)
    assert compactness(larger) == pytest.approx(compactness(mask), rel=0.05)
    assert diameter(larger) == pytest.approx(2 * diameter(mask), rel=0.05)
