"""The border of a lesion: ovals melted together, roughened by noise. Distances in pixels, negative inside."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from derm_xai.examples.noise import COLUMNS, HEIGHT, ROWS, WIDTH, Field, fractal


@dataclass(frozen=True)
class Oval:
    """An ellipse: how far its centre lies from the middle of the board (`x`, `y`), half axes, turn in radians."""

    x: float
    y: float
    width: float
    height: float
    turn: float = 0.0

    def distance(self) -> Field:
        """Return about how far each pixel lies outside."""
        dx, dy = COLUMNS - WIDTH / 2 - self.x, ROWS - HEIGHT / 2 - self.y
        c, s = np.cos(self.turn), np.sin(self.turn)
        span = np.hypot((dx * c + dy * s) / self.width, (dy * c - dx * s) / self.height)
        return np.asarray((span - 1) * min(self.width, self.height), np.float32)


def near_middle(rng: Generator, reach: float, width: float, height: float) -> Oval:
    """An oval with its centre at most `reach` pixels from the middle, along either axis."""
    return Oval(rng.uniform(-reach, reach), rng.uniform(-reach, reach), width, height, rng.uniform(0, np.pi))


def melt(ovals: list[Oval], reach: float) -> Field:
    """Join ovals as drops of water join (a smooth minimum of distances, over `reach` pixels)."""
    joined = ovals[0].distance()
    for oval in ovals[1:]:
        other = oval.distance()
        share = np.clip(0.5 + 0.5 * (other - joined) / reach, 0, 1)
        joined = other + (joined - other) * share - reach * share * (1 - share)
    return joined


def roughen(rng: Generator, distance: Field, *, wave: float, crumble: float) -> Field:
    """Displace the border by slow waves and by fine crumbs, each with its deviation in pixels."""
    waves, crumbs = fractal(rng, 90, octaves=2), fractal(rng, 26, octaves=4, gain=0.62)
    return np.asarray(distance + wave * waves + crumble * crumbs, np.float32)
