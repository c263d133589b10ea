"""Random fields on the drawing board: fractal noise, honeycomb cells, warps. Distances in pixels."""

from dataclasses import dataclass
from math import cos, hypot, radians, sin, sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from scipy import ndimage

Field = NDArray[np.float32]

HEIGHT, WIDTH = 480, 640
ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)


def ramp(values: ArrayLike, start: float, stop: float) -> Field:
    """Rise smoothly from 0 at `start` to 1 at `stop`; falls where `stop` lies below `start`."""
    t = np.clip((np.asarray(values, np.float32) - start) / (stop - start), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def blur(field: Field, sigma: float) -> Field:
    """Gaussian blur."""
    return np.asarray(ndimage.gaussian_filter(field, sigma, truncate=3), np.float32)


def _lattice(rng: Generator, along: float, across: float, angle: float) -> Field:
    """One octave: random numbers on a turned lattice of `along` × `across` pixels, read between by cubics."""
    coarse = 4 if across >= 16 else 2 if across >= 8 else 1  # slow waves are read on a coarse grid, for speed
    width, height = WIDTH // coarse, HEIGHT // coarse
    along, across = along / coarse, across / coarse
    columns, rows = (int(hypot(height, width) / step) + 4 for step in (along, across))
    lattice = Image.fromarray(rng.standard_normal((rows, columns)).astype(np.float32))
    c, s = cos(angle), sin(angle)
    matrix = (
        *(c / along, s / along, columns / 2 - (c * width + s * height) / 2 / along),
        *(-s / across, c / across, rows / 2 - (c * height - s * width) / 2 / across),
    )
    waves = lattice.transform((width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)
    return np.asarray(waves.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))


def fractal(
    rng: Generator, size: float, *, octaves: int = 4, gain: float = 0.5, stretch: float = 1.0, angle: float | None = None
) -> Field:
    """Multi-octave noise, mean 0 and deviation 1. `size`: largest feature, `stretch` times longer along `angle` (degrees)."""
    total = np.zeros((HEIGHT, WIDTH), np.float32)
    for octave in range(octaves):
        turn = radians(angle) if angle is not None else rng.uniform(0, np.pi)
        across = max(size / 2**octave, 1.0)
        total += gain**octave * _lattice(rng, across * stretch, across, turn)
    return np.asarray((total - total.mean()) / (total.std() + 1e-6), np.float32)


def shreds(rng: Generator, size: float) -> Field:
    """Thin threads 0..1 in patches, as of scale that lifts or of scarred collagen; `size` is how wide their loops are."""
    thread = ramp(np.abs(fractal(rng, size, octaves=4, gain=0.6)), 0.12, 0.02)
    return np.asarray(thread * ramp(fractal(rng, 3 * size, octaves=3), 0.3, 1.3), np.float32)


def warp(field: Field, along: Field, down: Field) -> Field:
    """Read the field `along` pixels to the right and `down` pixels below each place."""
    return np.asarray(ndimage.map_coordinates(field, [ROWS + down, COLUMNS + along], order=1, mode="nearest"), np.float32)


@dataclass(frozen=True, eq=False)
class Cells:
    """A jittered honeycomb. `centre` and `edge`: distances in pixels; `value`: one number in 0..1 for each cell."""

    centre: Field
    edge: Field
    value: Field


def cells(rng: Generator, spacing: float, *, jitter: float = 0.3, stretch: float = 1.0) -> Cells:
    """Cells about `spacing` pixels wide, `stretch` times as long along the rows."""
    down = spacing * sqrt(3) / 2
    rows, columns = np.mgrid[-1 : HEIGHT / down + 1, -1 : WIDTH / spacing / stretch + 1]
    x = (columns + 0.5 * (rows % 2) + rng.uniform(-jitter, jitter, rows.shape)) * spacing * stretch
    y = (rows + rng.uniform(-jitter, jitter, rows.shape)) * down
    seeds = np.ones((HEIGHT, WIDTH), bool)
    seeds[np.clip(y, 0, HEIGHT - 1).astype(int), np.clip(x, 0, WIDTH - 1).astype(int)] = False
    centre, (row, column) = ndimage.distance_transform_edt(seeds, return_indices=True)
    owner = row * WIDTH + column
    inner = np.ones((HEIGHT, WIDTH), bool)
    inner[:, 1:] &= owner[:, 1:] == owner[:, :-1]
    inner[1:] &= owner[1:] == owner[:-1]
    edge = ndimage.distance_transform_edt(inner)
    value = rng.random(HEIGHT * WIDTH, np.float32)[owner]
    return Cells(centre.astype(np.float32), edge.astype(np.float32), value)
