"""Evidence for and against, inside and outside the lesion's outline: four sums that add up to the photo's term."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from derm_xai.classify.lesion import inside
from derm_xai.explain.finer import Array, cell_of_pixel
from derm_xai.records import Regions


def coverage(mask: Sequence[str], shape: tuple[int, ...]) -> Array:
    """Return how much of each cell [row, column] the lesion's mask covers, 0..1."""
    lesion = inside(mask)
    place = cell_of_pixel(shape, lesion.shape).ravel()
    share: Array = np.bincount(place, lesion.ravel()) / np.bincount(place)
    return share.reshape(shape)


def regions(cells: NDArray[np.float64], mask: Sequence[str]) -> Regions:
    """Return the sums over a map's cells [row, column]; a cell on the outline counts on each side by its area there."""
    covered = coverage(mask, cells.shape)
    towards, against = np.maximum(cells, 0), np.minimum(cells, 0)
    return Regions(
        for_inside=float((towards * covered).sum()),
        for_outside=float((towards * (1 - covered)).sum()),
        against_inside=float((against * covered).sum()),
        against_outside=float((against * (1 - covered)).sum()),
    )


def inside_ratio(cells: NDArray[np.float64], mask: Sequence[str]) -> float:
    """Return the share of the positive evidence inside the lesion over the lesion's share of the photo; 0 without a lesion."""
    sums, area = regions(cells, mask), float(coverage(mask, cells.shape).mean())
    positive = sums.for_inside + sums.for_outside
    return sums.for_inside / positive / area if positive > 0 and area > 0 else 0.0
