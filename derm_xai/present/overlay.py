"""Evidence over a photo: orange speaks for the diagnosis, blue against; without evidence the photo stays as it is.

The scale is symmetric about zero, so that equal strength looks equally strong. Blue and orange stay apart for
readers with any common colour vision deficiency.
"""

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from derm_xai.explain.finer import finer, interpolated, outline_guide
from derm_xai.language import _
from derm_xai.present.words import signed
from derm_xai.records import Map

FOR, AGAINST = (255, 140, 0), (0, 92, 230)
LEAST_LIMIT = 0.01
"""Log-odds a cell. Weaker maps are not stretched to full colour: 48 such cells move the score by less than half a unit."""


STABLE = 2.0
"""Spreads that evidence has to lie from zero to be called stable."""

Array = NDArray[np.float64]


def fine(cells: Map, mask: Sequence[str]) -> Array:
    """Return a map on the grid of the lesion's mask, in log-odds for a cell's area; each cell's mean is the cell's value."""
    guide = outline_guide(mask)
    return finer(cells, guide) * (guide.size / np.size(cells))


def stable(mean: Map, spread: Map, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return where the evidence lies more than two spreads from zero, cells joined linearly."""
    certain: NDArray[np.bool_] = interpolated(np.abs(mean) - STABLE * np.array(spread), shape) > 0
    return certain


def contour(pixels: NDArray[np.uint8], region: NDArray[np.bool_], *, dotted: bool = False) -> NDArray[np.uint8]:
    """Draw the edge of a region over a photo, white with a dark rim, to be seen on pale and on dark skin."""
    height, width = pixels.shape[:2]
    inside = interpolated(region.astype(np.float64), (height, width)) > 0.5
    thick = max(1, round(min(height, width) / 250))
    line = inside & ~ndimage.binary_erosion(inside, iterations=thick, border_value=True)
    rim = ndimage.binary_dilation(line, iterations=thick) & ~line
    if dotted:
        rows, columns = np.ogrid[:height, :width]
        dots = ((rows // (6 * thick) + columns // (6 * thick)) % 2).astype(bool)
        line, rim = line & dots, rim & dots
    drawn = pixels.copy()
    drawn[rim], drawn[line] = (25, 25, 25), (255, 255, 255)
    return drawn


def cells_limit(maps: Iterable[Map | Array]) -> float:
    """Return the strongest cell of some maps, for or against, in log-odds; at least LEAST_LIMIT."""
    return max((LEAST_LIMIT, *(float(np.abs(np.array(cells)).max()) for cells in maps)))


def evidence_overlay(
    pixels: NDArray[np.uint8], cells: Map | Array, opacity: float, *, limit: float | None = None
) -> NDArray[np.uint8]:
    """Blend evidence over a photo, uint8 [height, width, 3].

    `cells`: [row][column] in log-odds, spread over the whole photo. `opacity` (0..1) is reached at `limit` log-odds,
    by default the strongest cell; less evidence covers less. Cells are joined linearly, never sharpened.
    """
    height, width = pixels.shape[:2]
    grid = Image.fromarray(np.array(cells, dtype=np.float32))
    evidence = np.asarray(grid.resize((width, height), Image.Resampling.BILINEAR))
    strength = np.clip(evidence / (limit or cells_limit([cells])), -1, 1)[..., None]
    colour = np.where(strength > 0, np.array(FOR, np.float32), np.array(AGAINST, np.float32))
    cover = opacity * np.abs(strength)
    return np.rint(pixels * (1 - cover) + colour * cover).astype(np.uint8)


def colour_bar(limit: float, unit: str) -> str:
    """Return the scale of `evidence_overlay` as HTML: from `limit` against, through none, to `limit` for. `unit` names it."""
    digits = 2 if limit >= 0.1 else 3
    low, high = signed(-limit, digits), signed(limit, digits)
    against, towards = (",".join(map(str, colour)) for colour in (AGAINST, FOR))
    ramp = f"rgb({against}), rgba({against},0) 50%, rgba({towards},0) 50%, rgb({towards})"
    label = _("Colour scale in {unit}: blue, {low}, against; no colour, 0; orange, {high}, for.").format(
        unit=unit, low=low, high=high
    )
    ends = "".join(f"<span>{escape(words)}</span>" for words in (_("against"), unit, _("for")))
    return (
        f'<div class="colour-bar" role="img" aria-label="{escape(label)}">'
        f'<div style="background: linear-gradient(to right, {ramp})"></div>'
        f'<p class="ends"><span>{low}</span><span>0</span><span>{high}</span></p>'
        f'<p class="ends">{ends}</p></div>'
    )
