"""The shape of an outline: how symmetrical it is, how far from a circle, how large.

Asymmetry: the rule of Stolz and Nachbar (ABCD rule of dermatoscopy, 1994) lays two perpendicular axes so that the lesion comes
out as symmetrical as it can, and counts on how many of them it is asymmetrical, 0 to 2. It is on an axis where less than 90 %
of the lesion comes to lie on itself, the limit of a computer reading of that rule on its major and minor axes (Pellacani, Grana
and Seidenari, University of Modena). Departures: the outline alone is judged, while the rule also looks at colour and structure
on either side; beside the principal axes, those turned from them in steps of 5 degrees are tried, since a lesion about as wide
as long has no principal axes to speak of.

Border: the isoperimetric ratio, perimeter² / (4 π area), 1 for a circle and more for anything else. Departure: the rule counts
the eighths of the border in which the pigment ends abruptly; the limits published for "abrupt" hold for one camera's
magnification, which a photo does not state, so that count is left out and no limit is set on the ratio.
"""

from math import pi

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import ConvexHull
from scipy.spatial.distance import pdist

from derm_xai.explain.hiding import Array, Mask

SYMMETRICAL = 0.9
STEP = 5
_SMOOTH = 0.01
"""Of the square root of the area, and at least a pixel: the staircase of pixels is no border, and is smoothed away."""


def asymmetry(mask: Mask) -> tuple[int, tuple[float, float]]:
    """Return on how many axes an outline [row, column] is asymmetrical, and how much of it each of the two folds covers."""
    points = np.argwhere(mask).astype(np.float64)
    centre = points.mean(0)
    spread = (points - centre).T @ (points - centre)
    principal = 0.5 * np.arctan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1])
    turned = principal + np.deg2rad(np.arange(0, 90, STEP))
    pairs = [(folded(mask, points, angle), folded(mask, points, angle + pi / 2)) for angle in turned]
    best = min(pairs, key=lambda pair: (_asymmetrical(pair), -round(sum(pair), 6)))
    return _asymmetrical(best), (max(best), min(best))


def _asymmetrical(overlaps: tuple[float, float]) -> int:
    return sum(overlap < SYMMETRICAL for overlap in overlaps)


def folded(mask: Mask, points: Array, angle: float) -> float:
    """Return the share of an outline that comes to lie on itself when folded on the line through its centre at an angle."""
    centre, axis = points.mean(0), np.array([np.cos(angle), np.sin(angle)])
    away = points - centre
    mirrored = np.rint(2 * (away @ axis)[:, None] * axis - away + centre).astype(np.int64)
    seen = ((mirrored >= 0) & (mirrored < mask.shape)).all(1)
    return float(mask[tuple(mirrored[seen].T)].sum() / len(points))


def compactness(mask: Mask) -> float:
    """Return perimeter² / (4 π area); the perimeter is the total variation of the outline, softened by a little."""
    area = float(mask.sum())
    sigma = max(1.0, _SMOOTH * area**0.5)
    soft = ndimage.gaussian_filter(np.pad(mask, int(4 * sigma) + 2).astype(np.float64), sigma)
    perimeter = float(np.hypot(*np.gradient(soft)).sum())
    return perimeter**2 / (4 * pi * area)


def diameter(mask: Mask) -> float:
    """Return the largest distance between two points of an outline, in pixels (its largest Feret diameter)."""
    rows = np.flatnonzero(mask.any(1))
    first, last = mask[rows].argmax(1), mask.shape[1] - mask[rows, ::-1].argmax(1)
    corners: NDArray[np.int64] = np.concatenate([np.stack([rows + down, side], 1) for down in (0, 1) for side in (first, last)])
    return float(pdist(corners[ConvexHull(corners).vertices]).max())


def largest_part(mask: Mask) -> Mask:
    """Return the largest connected part of a mask that is not empty."""
    parts, _ = ndimage.label(mask)
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    part: Mask = parts == sizes.argmax()
    return part
