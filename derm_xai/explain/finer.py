"""A map of cells on a finer grid that keeps the sum of every cell: a display, not new evidence.

Mass-preserving interpolation (the volume-preserving idea of Tobler 1979, J. Am. Stat. Assoc. 74, 519): each cell's value is
shared out over its own pixels with weights that are not negative and sum to one. The weights follow the linear interpolation
of the neighbouring cells, so that the map is not blocky, times a guide, here the lesion's outline (as the joint bilateral
upsampling of Kopf et al. 2007, doi 10.1145/1276377.1276497, follows an image).

Departures: Tobler's iterations are left out, so values may still step at a cell's border. The guide moves evidence within a
cell and never between cells; figures on "inside the lesion" are therefore taken from the cells (`regions`), not from this map.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from derm_xai.classify.lesion import inside

Array = NDArray[np.float64]
LEAST, MOST = 0.1, 10.0
"""How far a pixel's weight may lie below or above that of its cell's centre."""
OUTSIDE = 0.1
"""Weight of a pixel outside the outline where one inside has 1: outlines err, so outside is never empty."""


def finer(cells: Sequence[Sequence[float]] | Array, guide: Array) -> Array:
    """Return the cells [row, column] on the grid of the guide [height, width]; each cell's pixels add up to the cell."""
    values = np.asarray(cells, np.float64)
    own: Array = values.ravel()[cell_of_pixel(values.shape, guide.shape)] * weights(values, guide)
    return own


def weights(cells: Array, guide: Array) -> Array:
    """Return each pixel's share of its cell, [height, width]; the guide is above zero everywhere."""
    place = cell_of_pixel(cells.shape, guide.shape)
    own, strongest = cells.ravel()[place], np.abs(cells).max(initial=0.0)
    counts = np.abs(own) > 1e-9 * strongest
    relative = np.divide(interpolated(cells, guide.shape), own, out=np.ones_like(own), where=counts)
    weight = np.clip(relative, LEAST, MOST) * guide
    shares: Array = weight / np.bincount(place.ravel(), weight.ravel())[place]
    return shares


def cell_of_pixel(cells: tuple[int, ...], pixels: tuple[int, ...]) -> NDArray[np.int64]:
    """Return for each pixel [height, width] the index of its cell, row by row. The grids need not divide evenly."""
    (rows, columns), (height, width) = cells, pixels
    if height < rows or width < columns:
        raise ValueError("The guide is coarser than the cells. Give one with at least a pixel for each cell.")
    down = np.arange(height, dtype=np.int64) * rows // height
    across = np.arange(width, dtype=np.int64) * columns // width
    return down[:, None] * columns + across


def interpolated(cells: Array, shape: tuple[int, ...]) -> Array:
    """Return the cells joined linearly on a grid of another shape."""
    height, width = shape
    grid = Image.fromarray(cells.astype(np.float32))
    return np.asarray(grid.resize((width, height), Image.Resampling.BILINEAR), np.float64)


def outline_guide(mask: Sequence[str]) -> Array:
    """Return the guide from a lesion's mask (rows of "#" and "."), softened by one pixel at its edge."""
    lesion = inside(mask).astype(np.float64)
    guide: Array = OUTSIDE + (1 - OUTSIDE) * ndimage.gaussian_filter(lesion, 1.0)
    return guide
