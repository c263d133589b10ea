"""The lesion's outline in a photo, and what its size and place say of the photo."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from torch import Tensor

from derm_xai.records import Lesion

_SMALL_PART = 0.1


def lesion(outline: Tensor) -> Lesion:
    """Return the lesion from the log-odds of the mask decoder, [row, column] on a grid of a quarter of the input's sides."""
    tidied = _tidy(outline)
    edge = np.concatenate([tidied[0], tidied[-1], tidied[1:-1, 0], tidied[1:-1, -1]])
    return Lesion(
        mask=tuple("".join("#" if cell else "." for cell in row) for row in tidied),
        share=float(tidied.mean()),
        edge_share=float(edge.mean()),
    )


def inside(mask: Sequence[str]) -> NDArray[np.bool_]:
    """Return a lesion's mask, rows of "#" and ".", as an array [row, column]."""
    return np.array([[cell == "#" for cell in row] for row in mask])


def full_size(outline: Tensor, height: int, width: int) -> NDArray[np.bool_]:
    """Return the mask [height, width] in the photo's own size, the log-odds enlarged bilinearly."""
    tidied = torch.where(torch.from_numpy(_tidy(outline)), outline.clamp(min=0.1), outline.clamp(max=-0.1))
    large = torch.nn.functional.interpolate(tidied[None, None], size=(height, width), mode="bilinear")
    return (large[0, 0] > 0).numpy()


def _tidy(outline: Tensor) -> NDArray[np.bool_]:
    """Fill holes; of several parts, keep those with more than a tenth of the largest one's size."""
    parts, count = ndimage.label(ndimage.binary_fill_holes((outline > 0).numpy()))
    sizes = np.bincount(parts.ravel(), minlength=count + 1)
    sizes[0] = 0
    kept: NDArray[np.bool_] = (sizes > _SMALL_PART * sizes.max())[parts]
    return kept
