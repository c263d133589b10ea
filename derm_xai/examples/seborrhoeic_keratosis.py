"""A seborrhoeic keratosis, drawn as tissue at the scale of a dermatoscope."""

import numpy as np
from numpy.random import Generator

from derm_xai.examples.noise import blur, cells, fractal, ramp, warp
from derm_xai.examples.outline import Oval, melt, near_middle, roughen
from derm_xai.examples.strokes import blotches, dots
from derm_xai.examples.tissue import Tissue


def seborrhoeic_keratosis(rng: Generator) -> Tissue:
    """A waxy brown plaque, as if stuck on: sharp border, cobbles and furrows, plugged openings, pale horn cysts."""
    radius = rng.uniform(158, 186)
    ovals = [
        Oval(0, 0, radius, radius * 0.74, rng.uniform(-0.6, 0.6)),
        near_middle(rng, 65, 0.55 * radius, 0.5 * radius),
    ]
    distance = roughen(rng, melt(ovals, 30), wave=8, crumble=3.5)
    inside, within = ramp(distance, 7, -9), ramp(distance, -8, -24)
    cobbles, sway = cells(rng, 30, jitter=0.48), 7 * fractal(rng, 34, octaves=3)
    edge, shade = warp(cobbles.edge, sway, sway), warp(cobbles.value, sway, sway) - 0.5
    furrows = ramp(edge, 4.5, 0.3) * ramp(fractal(rng, 60, octaves=2), -1.1, 0.7)
    mottle, fine = fractal(rng, 54, octaves=5, gain=0.62), fractal(rng, 7, octaves=3, gain=0.75)
    plugs = blotches(rng, within, 44, (3, 20), soft=1.3)
    cysts = blur(dots(rng, within, 60, (3, 10), oval=0.2), 1.4) * (1 - plugs)
    brown = 1.10 + 0.50 * mottle + 0.16 * fine + 0.60 * furrows + 0.40 * shade + 2.6 * plugs - 0.9 * cysts
    wax = 0.16 + 0.10 * mottle + 0.14 * shade
    surface = 8.5 + 2.0 * ramp(edge, 0, 12) - 1.5 * furrows + 0.25 * fine + 1.2 * mottle - 3 * plugs
    return Tissue(
        melanin=inside * np.clip(brown, 0.1, 4),
        blood=inside * (0.10 + 0.03 * mottle) + 0.05 * ramp(distance, 24, 0),
        veil=inside * 0.30 * ramp(mottle, -0.6, 1.6),
        keratin=inside * np.clip(wax + 0.60 * cysts - 0.6 * plugs, 0, 0.9),
        gloss=inside * 0.75,
        height=blur(inside, 3) * surface,
        inside=inside,
    )
