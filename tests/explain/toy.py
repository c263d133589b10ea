"""A network whose answer can be worked out by hand: each dark cell of a photo is evidence for melanoma, and nothing else is."""

import numpy as np
import torch

from derm_xai.explain.hidden import Hideable
from derm_xai.vocabulary import DIAGNOSES, Diagnosis, ImageType

SKIN, CELL = (200, 150, 140), 32
MEL, NV = DIAGNOSES.index(Diagnosis.MEL), DIAGNOSES.index(Diagnosis.NV)


class Darkness:
    """A cell that is black where skin would be adds `each` to melanoma; half as dark adds half."""

    def __init__(self, each: float) -> None:
        self.each = each

    def photo_evidence(self, photos):
        darkness = (SKIN[0] / 127.5 - 1 - photos[:, 0]) / (SKIN[0] / 127.5)
        evidence = torch.zeros(len(photos), len(DIAGNOSES))
        evidence[:, MEL] = self.each * darkness.sum((1, 2)) / CELL**2
        return evidence


def hideable(dark, *, each=1.0, naevus=0.0, side=6):
    """A photo of `side` by `side` cells of skin with some black ones; the naevus has a score that no photo changes."""
    pixels = np.empty((side * CELL, side * CELL, 3), np.uint8)
    pixels[:] = SKIN
    cells = np.zeros((len(DIAGNOSES), side, side))
    for row, column in dark:
        pixels[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL] = 0
        cells[MEL, row, column] = each
    rest = torch.zeros(len(DIAGNOSES)).double()
    rest[NV] = naevus
    outlined = cells[MEL] > 0
    return Hideable(ImageType.CLINICAL, pixels, outlined, cells, rest, 1.0, Darkness(each))
