"""A nodular basal cell carcinoma, drawn as tissue at the scale of a dermatoscope."""

import numpy as np
from numpy.random import Generator

from derm_xai.examples.noise import HEIGHT, WIDTH, Field, blur, fractal, ramp, shreds
from derm_xai.examples.outline import Oval, melt, near_middle, roughen
from derm_xai.examples.strokes import Stroke, blotches, dots, paint, vessel
from derm_xai.examples.tissue import Tissue


def _arbor(rng: Generator, radius: float) -> Field:
    """Vessels that come in over the border and branch like trees, some of each in focus."""
    strokes: list[Stroke] = []
    for turn in np.arange(11) / 11 + rng.uniform() + rng.normal(0, 0.05, 11):
        angle = 2 * np.pi * turn
        out = radius * rng.uniform(0.85, 1.15) * np.array((np.cos(angle), 0.8 * np.sin(angle)))
        start, heading = np.array((WIDTH / 2, HEIGHT / 2)) + out, angle + np.pi + rng.normal(0, 0.5)
        strokes += vessel(rng, start, heading, radius * rng.uniform(0.7, 1.3), rng.uniform(2.0, 4.6))
    lines = paint(strokes)
    return np.asarray(0.65 * blur(lines, 0.9) + 0.5 * blur(lines, 2.4), np.float32)


def _ulcer(rng: Generator) -> Field:
    oval = near_middle(rng, 40, rng.uniform(22, 34), rng.uniform(14, 22))
    return ramp(roughen(rng, oval.distance(), wave=5, crumble=8), 4, -5)


def basal_cell(rng: Generator) -> Tissue:
    """A pearly pink dome with a rolled edge, branching vessels, a small crusted ulcer, some blue-grey nests."""
    radius = rng.uniform(142, 168)
    ovals = [
        Oval(0, 0, radius, radius * 0.78, rng.uniform(-0.6, 0.6)),
        near_middle(rng, 80, 0.6 * radius, 0.5 * radius),
    ]
    distance = roughen(rng, melt(ovals, 50), wave=13, crumble=9)
    inside, ulcer = ramp(distance, 30, -34), _ulcer(rng)
    mottle, rough, fine = (fractal(rng, size, octaves=4, gain=0.68) for size in (46, 14, 7))
    lobes = fractal(rng, 70, octaves=3)
    tree = _arbor(rng, radius) * ramp(distance, 70, -20) * (1 - ulcer)
    nests = blotches(rng, inside * ramp(distance, -10, -35), 9, (8, 44), soft=3.4)
    globules = inside * blur(dots(rng, inside, 30, (3, 9)), 1.5)
    crust = ulcer * ramp(rough, 0.0, 1.0)
    smooth = blur(distance, 9)  # the border crumbles in colour, not in relief
    rolled = ramp(np.abs(smooth + 24), 34, 0) * (0.7 + 0.3 * lobes)
    dome = ramp(smooth, 12, -20) * (24 * ramp(smooth, 10, -radius) + 1.2 * lobes)
    flushed = inside * (0.56 + 0.16 * mottle + 0.04 * fine) + 0.16 * ramp(distance, 80, 0)
    return Tissue(
        melanin=inside * (0.10 * ramp(mottle, 0.4, 2) - 0.12) + 0.5 * globules + 0.3 * nests + 1.1 * crust,
        blood=flushed + 1.25 * tree + ulcer * (1.5 + 0.5 * rough),
        veil=np.clip(0.75 * nests * (1 - ulcer) + 0.30 * globules, 0, 0.8),
        white=np.clip(inside * (0.08 + 0.12 * lobes + 0.5 * shreds(rng, 16)), 0, 1) * (1 - ulcer),
        keratin=0.45 * crust,
        gloss=0.6 * inside,
        height=dome + 5 * rolled - 3 * ulcer + 3 * crust,
        inside=inside,
    )
