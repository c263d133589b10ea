"""A, B, C and D of one photo, measured inside the outline that the network drew: descriptive, and never scored.

After the ABCD rule of dermatoscopy (Stolz and Nachbar, 1994) for A, B and C; D is the diameter of the clinicians' ABCDE, not
the rule's differential structures, which are not measured. How each is computed, its source and every departure stand in
`shape` and `colours`. No total score is made of them: the rule was made for melanocytic lesions under a dermatoscope.

They are measured on the photo at no more than LONGEST pixels, in its own proportions. Where the outline has several parts, the
largest is measured. The outline is smooth at a scale of some pixels, so fine notches are not in B.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from derm_xai.classify.lesion import full_size
from derm_xai.explain.colours import LEAST_COLOUR_SHARE, shares, variance
from derm_xai.explain.hiding import Mask
from derm_xai.explain.shape import asymmetry, compactness, diameter, largest_part
from derm_xai.records import Abcd, LesionPhoto

LONGEST = 256


def abcd(photo: LesionPhoto, outline: Tensor, stated_mm: float | None) -> Abcd | None:
    """Return what the photo shows inside the outline (log-odds, [row, column]); None where there is no outline.

    `stated_mm`: the largest diameter that the clinician stated. A photo has no scale, so none is guessed.
    """
    height, width = photo.pixels.shape[:2]
    shrink = min(1.0, LONGEST / max(height, width))
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    pixels = np.asarray(Image.fromarray(photo.pixels).resize(size, Image.Resampling.BOX))
    mask = full_size(outline, *pixels.shape[:2])
    return measured(photo, pixels, mask, stated_mm) if mask.any() else None


def measured(photo: LesionPhoto, pixels: NDArray[np.uint8], lesion: Mask, stated_mm: float | None) -> Abcd:
    """Return the record of a lesion's largest part, given its mask [row, column], not empty, and `pixels` [row, column, 3]."""
    mask = largest_part(lesion)
    axes, folds = asymmetry(mask)
    found, across = shares(pixels[mask], pixels[~lesion]), diameter(mask) / mask.shape[1]
    return Abcd(
        image_type=photo.image_type,
        asymmetrical_axes=axes,
        folds=folds,
        compactness=compactness(mask),
        colour_shares=found,
        colours=tuple(colour for colour, share in found.items() if share >= LEAST_COLOUR_SHARE),
        colour_variance=variance(pixels[mask]),
        diameter_share=across,
        diameter_px=across * photo.pixels.shape[1],
        diameter_mm=stated_mm,
        cut_off=bool(mask[[0, -1]].any() or mask[:, [0, -1]].any()),
    )
