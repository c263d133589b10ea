"""What may vary without changing the diagnosis: position, scale, camera colour, focus, and what lies on the skin."""

import kornia.augmentation as augmentation
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from derm_xai.artefacts import Artefact, overlay

CANVAS = (192, 256)
"""Smaller than what the finished network sees: random zoom makes lesions larger (Touvron et al. 2019, arXiv 1906.06423)."""
SHEETS = 250
LAID = 0.3
"""The share of photos that get an artefact."""


def canvas(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a resized photo on the training canvas [192, 256, ...]: its middle, mirrored outwards where it is too narrow."""
    margins = [max(0, want - have) for want, have in zip(CANVAS, pixels.shape[:2], strict=True)]
    pads = [(margin // 2, margin - margin // 2) for margin in margins] + [(0, 0)] * (pixels.ndim - 2)
    padded = np.pad(pixels, pads, mode="reflect")
    top, left = ((have - want) // 2 for want, have in zip(CANVAS, padded.shape[:2], strict=True))
    return padded[top : top + CANVAS[0], left : left + CANVAS[1]]


def artefact_sheets(seed: int, count: int = SHEETS) -> Tensor:
    """Return drawn artefacts as uint8 [count, 4, 192, 256], colours and straight alpha, each kind as often as the others."""
    rng = np.random.default_rng(seed)
    kinds = list(Artefact)
    sheets = np.stack([overlay(kinds[index % len(kinds)], rng, *CANVAS) for index in range(count)])
    return torch.from_numpy(sheets).movedim(-1, 1)


class Augment(nn.Module):
    """Random views of photos [batch, 3, 192, 256] in -1..1 with their masks [batch, 192, 256] in 0..1, at the size asked for.

    Blur is drawn for every class alike: HAM10000's vascular photos are softer than the rest, which must not tell the class.
    """

    def __init__(self, size: tuple[int, int], sheets: Tensor) -> None:
        super().__init__()
        self.sheets = sheets
        self.moves = nn.Sequential(
            augmentation.RandomAffine(180, translate=(0.1, 0.1), scale=(0.75, 1.8), p=1.0, padding_mode="reflection"),
            augmentation.RandomHorizontalFlip(),
            augmentation.Resize(size, antialias=False),
        )
        self.looks = nn.Sequential(
            augmentation.ColorJitter(0.25, 0.25, 0.3, 0.02, p=0.9),
            augmentation.RandomPlanckianJitter(p=0.3),
            augmentation.RandomGaussianBlur((5, 5), (0.2, 1.6), p=0.35),
            augmentation.RandomSharpness((0.0, 3.0), p=0.25),
            augmentation.RandomJPEG((20.0, 90.0), p=0.4),
            augmentation.RandomErasing(scale=(0.02, 0.12), p=0.2),
        )

    @torch.no_grad()
    def forward(self, photos: Tensor, masks: Tensor) -> tuple[Tensor, Tensor]:
        """Return views [batch, 3, *size] in -1..1 and their masks [batch, *size] in 0..1."""
        moved = self.moves(torch.cat([self._lay((photos + 1) / 2), masks[:, None]], 1))
        views: Tensor = self.looks(moved[:, :3].clamp(0, 1)).clamp(0, 1) * 2 - 1
        return views, moved[:, 3]

    def _lay(self, photos: Tensor) -> Tensor:
        sheets = self.sheets[torch.randint(len(self.sheets), (len(photos),))].to(photos.device).float() / 255
        alpha = sheets[:, 3:] * (torch.rand(len(photos), 1, 1, 1, device=photos.device) < LAID)
        return photos.lerp(sheets[:, :3], alpha)
