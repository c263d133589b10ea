"""A benign melanocytic naevus, drawn as tissue at the scale of a dermatoscope."""

import numpy as np
from numpy.random import Generator

from derm_xai.examples.noise import Field, blur, cells, fractal, ramp, warp
from derm_xai.examples.outline import Oval, roughen
from derm_xai.examples.strokes import dots
from derm_xai.examples.tissue import Tissue


def network(rng: Generator, spacing: float, *, jitter: float, thickness: float) -> Field:
    """A pigment network: lines 0..1 around paler holes, uneven in width and density."""
    waver = 0.22 * spacing
    honeycomb = warp(cells(rng, spacing, jitter=jitter).edge, waver * fractal(rng, 30), waver * fractal(rng, 30))
    width = thickness * (1 + 0.3 * fractal(rng, 50, octaves=3))
    lines = np.exp(-((honeycomb / np.maximum(width, 0.6)) ** 2)) * (0.75 + 0.25 * fractal(rng, 40))
    return np.asarray(np.clip(lines, 0, 1.3), np.float32)


def naevus(rng: Generator) -> Tissue:
    """One oval, symmetric, darker in the middle, with a regular network that runs out beyond the border."""
    radius = rng.uniform(150, 178)
    oval = Oval(0, 0, radius, radius * rng.uniform(0.76, 0.92), rng.uniform(-0.5, 0.5))
    distance = roughen(rng, oval.distance(), wave=6, crumble=4.5)
    inside, near = ramp(distance, 4, -26), ramp(distance, 26, -10)
    core = ramp(distance, -0.1 * radius, -0.95 * radius)
    lines = network(rng, rng.uniform(10, 12.5), jitter=0.46, thickness=2.7)
    mottle, fine = fractal(rng, 46, octaves=4, gain=0.6), fractal(rng, 8, octaves=3, gain=0.7)
    fringe = ramp(np.abs(distance + 12), 26, 6)
    globules = blur(dots(rng, (0.12 + 0.8 * fringe) * inside, 230, (4, 10)), 1.0)
    body = 0.62 + 0.90 * core + (0.13 + 0.22 * core) * mottle + 0.10 * fine
    mesh = 0.66 * lines * (1 - 0.4 * core) * (1 + 0.3 * mottle) + 0.4 * globules
    return Tissue(
        melanin=inside * body + near * mesh,
        blood=inside * (0.10 + 0.03 * mottle),
        veil=0.16 * core * ramp(mottle, 0.2, 2),
        height=blur(inside * 6, 4) + inside * 0.5 * mottle,
        inside=inside,
    )
