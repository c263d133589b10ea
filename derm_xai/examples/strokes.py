"""Thin things: hairs, vessels, streaks and dots, painted at three times the size so that their edges are smooth."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from derm_xai.examples.noise import HEIGHT, WIDTH, Field, blur, fractal, warp

_FINER = 3


@dataclass(frozen=True, eq=False)
class Stroke:
    """A line of `points` [n, 2] (x, y) with a width for each, in pixels; `ink` 0..1 is how dense it is."""

    points: NDArray[np.float64]
    widths: NDArray[np.float64]
    ink: float = 1.0


def paint(strokes: Iterable[Stroke]) -> Field:
    """Cover the board with the strokes, 0..1."""
    board = Image.new("L", (WIDTH * _FINER, HEIGHT * _FINER))
    pen = ImageDraw.Draw(board)
    for stroke in strokes:
        points, widths = stroke.points * _FINER, stroke.widths * _FINER
        for (x, y), (u, v), width in zip(points, points[1:], widths, strict=False):
            pen.line((x, y, u, v), fill=round(255 * stroke.ink), width=max(1, round(width)))
            r = width / 2  # a round joint
            pen.ellipse((u - r, v - r, u + r, v + r), fill=round(255 * stroke.ink))
    return np.asarray(board.reduce(_FINER), np.float32) / np.float32(255)


def scatter(rng: Generator, weight: Field, count: int) -> NDArray[np.float64]:
    """Draw `count` places [n, 2] (x, y), each as likely as `weight` says; none where it is 0 all over."""
    sums = np.cumsum(weight, dtype=np.float64)
    if sums[-1] <= 0:
        return np.empty((0, 2))
    pixels = np.minimum(np.searchsorted(sums, rng.random(count) * sums[-1]), sums.size - 1)
    return np.stack([pixels % WIDTH, pixels // WIDTH], 1) + rng.random((count, 2))


def dots(rng: Generator, weight: Field, count: int, sizes: tuple[float, float], *, oval: float = 0.3) -> Field:
    """Scatter ovals of a diameter between `sizes`, small ones more often; each has its own ink between 0.45 and 1."""
    board = Image.new("L", (WIDTH * _FINER, HEIGHT * _FINER))
    pen = ImageDraw.Draw(board)
    for x, y in scatter(rng, weight, count) * _FINER:
        radius = _FINER / 2 * (sizes[0] + (sizes[1] - sizes[0]) * rng.random() ** 2)
        w, h = radius * rng.uniform(1 - oval, 1 + oval, 2)
        pen.ellipse((x - w, y - h, x + w, y + h), fill=round(255 * rng.uniform(0.45, 1)))
    return np.asarray(board.reduce(_FINER), np.float32) / np.float32(255)


def blotches(rng: Generator, weight: Field, count: int, sizes: tuple[float, float], *, soft: float = 1.2) -> Field:
    """Dots that are torn out of shape by up to a third of the largest size, and blurred by `soft` pixels."""
    torn = 0.16 * sizes[1]
    along, down = (torn * fractal(rng, 0.9 * sizes[1], octaves=3, gain=0.6) for _ in range(2))
    return blur(warp(dots(rng, weight, count, sizes, oval=0.45), along, down), soft)


def hair(rng: Generator, start: NDArray[np.float64], heading: float, length: float, width: float) -> Stroke:
    """A cubic Bézier curve that tapers to its tip. `heading` in radians."""
    bend, curl = rng.normal(0, 0.45, 2)
    steps = np.cumsum([heading, bend, curl])
    ends = start + np.cumsum([(0, 0), *((length / 3 * np.cos(a), length / 3 * np.sin(a)) for a in steps)], axis=0)
    t = np.linspace(0, 1, max(8, int(length / 4)))[:, None]
    points = (1 - t) ** 3 * ends[0] + 3 * (1 - t) ** 2 * t * ends[1] + 3 * (1 - t) * t**2 * ends[2] + t**3 * ends[3]
    return Stroke(points, width * (1 - 0.75 * t[:, 0] ** 2), rng.uniform(0.7, 1))


def vessel(rng: Generator, start: NDArray[np.float64], heading: float, length: float, width: float) -> list[Stroke]:
    """A branching random walk: each branch is thinner and shorter than its parent."""
    step = 4.0  # pixels
    count = max(3, int(length / step))
    turns = np.cumsum(rng.normal(0, 0.14, count) + 0.12 * np.sin(np.arange(count) / rng.uniform(1.5, 4) + rng.uniform(0, 6)))
    angles = heading + turns - turns[0]
    points = start + step * np.cumsum(np.stack([np.cos(angles), np.sin(angles)], 1), axis=0)
    strokes = [Stroke(points, width * np.linspace(1, 0.45, count), min(1.0, 0.28 + width / 7))]
    if width < 1.1:
        return strokes
    for index in range(4, count - 1):
        if rng.random() < 0.09:
            side = rng.choice((-1, 1)) * rng.uniform(0.5, 1.1)
            strokes += vessel(
                rng, points[index], angles[index] + side, length * rng.uniform(0.25, 0.6), width * rng.uniform(0.4, 0.7)
            )
    return strokes
