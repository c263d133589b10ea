"""What lies on top of the skin: hairs with their shadows, bubbles in the gel."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage

from derm_xai.examples.noise import COLUMNS, HEIGHT, ROWS, WIDTH, Field, blur, ramp
from derm_xai.examples.strokes import dots, hair, paint, scatter

_Light = NDArray[np.float32]
_SHADES = np.array(((0.022, 0.015, 0.012), (0.075, 0.046, 0.028), (0.62, 0.52, 0.40)), np.float32)
"""Dark, brown and vellus hair, linear RGB."""


def lay_hairs(rng: Generator, light: _Light, count: int, *, width: float, shade: int, shadow: float) -> _Light:
    """Lay `count` hairs that roughly share a direction; `shadow` 0..1 is what they throw on the skin below and right."""
    grain = rng.uniform(0, 2 * np.pi)
    starts = rng.uniform((-30, -30), (WIDTH + 30, HEIGHT + 30), (count, 2))
    cover = paint(hair(rng, start, rng.normal(grain, 0.5), rng.gamma(4, 45), rng.uniform(0.6, 1) * width) for start in starts)
    cast = blur(np.asarray(ndimage.shift(cover, (4, 3), order=1), np.float32), 1.8)
    below = light * (1 - shadow * cast[..., None])
    return np.asarray(below + (_SHADES[shade] * light.mean() * 1.8 - below) * (0.92 * cover)[..., None], np.float32)


def add_bubbles(rng: Generator, light: _Light, count: int) -> _Light:
    """Trap air bubbles in the gel: a dark rim with a bright crescent inside."""
    for _ in range(count):
        x, y, r = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), rng.gamma(3, 2.2) + 3
        span = np.hypot(COLUMNS - x, ROWS - y)
        rim = _ring(span, r, 1.6)
        crescent = _ring(span, r - 2.5, 1.5) * ramp((ROWS - y) + (COLUMNS - x), 0.2 * r, -r)
        light = light * (1 - 0.35 * rim[..., None]) + 0.45 * crescent[..., None]
    return light


def _ring(span: Field, radius: float, width: float) -> Field:
    return np.asarray(np.exp(-(((span - radius) / width) ** 2)), np.float32)


def add_glints(rng: Generator, light: _Light, weight: Field, count: int) -> _Light:
    """Glints of the gel and of loose scale: white specks and squiggles, most of them where `weight` is high."""
    squiggles = [
        hair(rng, place, rng.uniform(0, 7), rng.gamma(2, 7), rng.uniform(0.7, 1.6)) for place in scatter(rng, weight, count)
    ]
    specks = blur(dots(rng, weight, 2 * count, (1, 2.6)), 0.6)
    cover = np.maximum(0.6 * blur(paint(squiggles), 0.5), specks)[..., None]
    return np.asarray(light + (0.9 * light.max() - light) * (0.4 * cover), np.float32)
