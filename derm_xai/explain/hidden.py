"""A photo whose cells can be hidden, and what the whole score is then: without dropout, all other terms as they are.

What is hidden is filled in as in `hiding`. One pass of the network for each set of cells.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from derm_xai.classify.checkpoint import Model
from derm_xai.classify.lesion import inside, lesion
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.predict import PhotoEvidence, collect
from derm_xai.classify.preprocess import resize
from derm_xai.explain.hiding import Array, Mask, filled, photo_scores
from derm_xai.records import ClinicalContext, LesionPhoto
from derm_xai.vocabulary import ImageType

BATCH = 6
Tell = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Hideable:
    """One photo of a case: `pixels` at the network's size, `outlined` [row, column], `cells` [class, row, column] in log-odds.

    `rest` [class]: the score without this photo's cells, which `weight` scales.
    """

    image_type: ImageType
    pixels: NDArray[np.uint8]
    outlined: Mask
    cells: Array
    rest: Tensor
    weight: float
    network: EvidenceNet

    def whole(self) -> Tensor:
        """Return the score with nothing hidden, [class]."""
        return self.rest + torch.from_numpy(self.cells.sum((1, 2)))

    def scores(self, hidden: Sequence[Mask], tell: Tell = lambda _share: None) -> Tensor:
        """Return the score with each of some sets of cells [row, column] hidden, [set, class]. `tell`: the share done."""
        photos = []
        for start in range(0, len(hidden), BATCH):
            part = hidden[start : start + BATCH]
            photos.append(photo_scores(self.network, [filled(self.pixels, cells, self.outlined) for cells in part]))
            tell((start + len(part)) / len(hidden))
        return self.rest + self.weight * torch.cat(photos).double()


def first(order: NDArray[np.int64], count: int, shape: tuple[int, ...]) -> Mask:
    """Return the first cells of an order as a mask [row, column]."""
    cells = np.zeros(int(np.prod(shape)), bool)
    cells[order[:count]] = True
    return cells.reshape(shape)


@torch.inference_mode()
def hideables(photos: Sequence[LesionPhoto], context: ClinicalContext, model: Model) -> tuple[Hideable, ...]:
    """Return each photo of a case. Two samples of the tail are drawn and not used."""
    evidence = collect(photos, context, model, samples=2, seed=0)
    cells = [_cells(found, model.network) for found in evidence.photos]
    whole = (evidence.prior + evidence.notes.sum(0)).double()
    whole = whole + sum(each.sum((1, 2)) + found.type_term for each, found in zip(cells, evidence.photos, strict=True))
    return tuple(
        Hideable(
            image_type=found.image_type,
            pixels=resize(photo.pixels),
            outlined=inside(lesion(found.outline).mask),
            cells=own.numpy(),
            rest=whole - own.sum((1, 2)),
            weight=found.weight,
            network=model.network,
        )
        for photo, found, own in zip(photos, evidence.photos, cells, strict=True)
    )


def _cells(photo: PhotoEvidence, network: EvidenceNet) -> Tensor:
    """Return the photo's evidence without dropout, [class, row, column], which adds up to its term."""
    maps = network.class_maps(photo.trunk)[0].double()
    return maps * (photo.weight / maps[0].numel())
