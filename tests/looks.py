"""What each look of a network sees, made here with torch alone."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from derm_xai.classify.network import EvidenceNet


def looks(photos: Tensor) -> list[tuple[Tensor, Callable[[Tensor], Tensor]]]:
    """Return what each look sees, with what lays a map of it back: as it is, by half a turn; smaller, mirrored, upside down."""
    rows, columns = photos.shape[2:]
    small = interpolate(photos, (rows - 32, columns - 32), mode="bicubic", antialias=True).clamp(-1, 1)
    seen = (photos, ()), (photos, (2, 3)), (small, (3,)), (small, (2,))
    return [(size.flip(axes), partial(torch.flip, dims=axes)) for size, axes in seen]


def seen_maps(plain: EvidenceNet, view: Tensor, photos: Tensor) -> Tensor:
    """Return the class maps that a network of one look makes of a view, laid over the cells of the photos."""
    cells = [side // 32 for side in photos.shape[2:]]
    return plain.class_maps(plain.deepen(interpolate(plain.steps(view)[-1][:, 0], cells, mode="bilinear")[:, None]))
