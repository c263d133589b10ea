"""Healthy skin: its tone, blotches, freckles, pores and the fine relief that a flash picks out."""

import numpy as np
from numpy.random import Generator

from derm_xai.examples.noise import HEIGHT, WIDTH, Field, blur, cells, fractal, ramp
from derm_xai.examples.strokes import Stroke, dots, paint, scatter, vessel
from derm_xai.examples.tissue import Tissue

_EVERYWHERE = np.ones((HEIGHT, WIDTH), np.float32)
_MELANIN_OF_TONE = (1.30, 0.80, 0.42, 0.28, 0.16, 0.07)
"""Epidermal melanin by the tone classes of MILK10k, 0 (dark) to 5 (light)."""


def close_up(rng: Generator, tone: int, *, blotchy: float, freckles: int, grain: float) -> Tissue:
    """Skin as a camera with a flash sees it. `blotchy` 0..1: sun damage and redness; `grain`: depth of the relief in pixels."""
    melanin = _MELANIN_OF_TONE[tone]
    angle = rng.uniform(-50, 50)
    lines = cells(rng, rng.uniform(11, 15), jitter=0.42, stretch=1.3)
    furrows = ramp(lines.edge, 2.4, 0)
    ridges = fractal(rng, 9, octaves=3, gain=0.6, stretch=2.6, angle=angle)
    folds = fractal(rng, 60, octaves=3, stretch=1.8, angle=angle)
    pores = _pores(rng)
    tint = fractal(rng, 64, octaves=5, gain=0.66, stretch=1.4, angle=angle)
    flush = fractal(rng, 80, octaves=5, gain=0.62, stretch=1.4, angle=angle)
    speckle = fractal(rng, 5, octaves=2, gain=0.7)
    spots = _freckles(rng, freckles)
    patches = ramp(fractal(rng, 46, octaves=5, gain=0.62), 0.5, 2.2)
    return Tissue(
        melanin=melanin * (1 + 0.16 * tint + 0.05 * speckle + 0.09 * furrows)
        + blotchy * (0.05 * tint + 0.30 * patches)
        + spots
        + 0.10 * pores,
        blood=0.34 + 0.03 * flush + blotchy * (0.10 + 0.08 * flush + 0.03 * speckle) + 0.03 * furrows + 0.10 * pores,
        height=grain
        * ((0.55 + 0.35 * blotchy) * ridges - 0.9 * furrows + (1.2 + 1.2 * blotchy) * folds + 0.25 * speckle - 1.2 * pores),
        gloss=ramp(fractal(rng, 160, octaves=3), -0.5, 1.8),
    )


def _pores(rng: Generator) -> Field:
    honeycomb = cells(rng, rng.uniform(22, 30), jitter=0.48)
    return np.asarray(ramp(honeycomb.centre, 2.6, 0.4) * ramp(honeycomb.value, 0.35, 0.9))


def _freckles(rng: Generator, count: int) -> Field:
    marks = dots(rng, _EVERYWHERE, count, (4, 22))
    rough = 1 + 0.45 * fractal(rng, 9, octaves=3)
    return np.asarray(blur(marks, 1.9) * rough * rng.uniform(0.16, 0.42), np.float32)


def through_gel(rng: Generator, tone: int, *, blotchy: float, vessels: int) -> Tissue:
    """Skin through a dermatoscope: no glare, so pigment and vessels show. `vessels`: how many fine ones cross the field."""
    melanin = _MELANIN_OF_TONE[tone] * (0.55 + 0.5 * _MELANIN_OF_TONE[tone])  # pressed and wet, fair skin looks paler
    angle = rng.uniform(0, 180)
    cloud = fractal(rng, 56, octaves=5, gain=0.68, stretch=1.5, angle=angle)
    flush = fractal(rng, 64, octaves=5, gain=0.62, stretch=1.3, angle=angle)
    speckle = fractal(rng, 5, octaves=2, gain=0.8)
    lace = ramp(cells(rng, 12, jitter=0.4).edge, 3.2, 0.2) * ramp(cloud, -0.6, 1.6)
    follicles = ramp(cells(rng, 46, jitter=0.48).centre, 7, 1.5)
    patches = ramp(fractal(rng, 80, octaves=5, gain=0.6), 0.2, 2.6)
    return Tissue(
        melanin=melanin * (1 + 0.10 * cloud + 0.25 * lace + 0.07 * speckle) + 0.03 * cloud + (0.05 + 0.30 * blotchy) * patches,
        blood=0.24 + (0.03 + 0.06 * blotchy) * flush + 0.012 * speckle + 0.3 * _web(rng, vessels),
        white=0.14 * ramp(fractal(rng, 40, octaves=4), 0.2, 2) * np.exp(-2 * melanin) + 0.08 * follicles,
        height=0.25 * speckle,
    )


def _web(rng: Generator, count: int) -> Field:
    strokes: list[Stroke] = []
    for place in scatter(rng, _EVERYWHERE, count):
        strokes += vessel(rng, place, rng.uniform(0, 2 * np.pi), rng.uniform(50, 160), rng.uniform(1.0, 2.4))
    return blur(paint(strokes), 1.1)
