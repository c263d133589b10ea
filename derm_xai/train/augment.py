"""What may vary without changing the diagnosis: position, scale, camera colour, focus."""

import kornia.augmentation as augmentation
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

CANVAS = (192, 256)


def canvas(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a resized photo on the training canvas [192, 256, 3]: its middle, mirrored outwards where it is too narrow."""
    margins = [max(0, want - have) for want, have in zip(CANVAS, pixels.shape[:2], strict=True)]
    pads = [(margin // 2, margin - margin // 2) for margin in margins]
    padded = np.pad(pixels, (*pads, (0, 0)), mode="reflect")
    top, left = ((have - want) // 2 for want, have in zip(CANVAS, padded.shape[:2], strict=True))
    return padded[top : top + CANVAS[0], left : left + CANVAS[1]]


class Augment(nn.Module):
    """Random views of photos [batch, 3, 192, 256] in -1..1, at the size asked for.

    Blur is drawn for every class alike: HAM10000's vascular photos are softer than the rest, which must not tell the class.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__()
        self.views = nn.Sequential(
            augmentation.RandomAffine(180, translate=(0.1, 0.1), scale=(0.8, 1.35), p=1.0, padding_mode="reflection"),
            augmentation.RandomHorizontalFlip(),
            augmentation.Resize(size, antialias=False),
            augmentation.ColorJiggle(0.2, 0.2, 0.25, 0.03, p=0.9),
            augmentation.RandomGaussianBlur((5, 5), (0.2, 1.6), p=0.35),
        )

    @torch.no_grad()
    def forward(self, photos: Tensor) -> Tensor:
        """Return [batch, 3, *size] in -1..1."""
        return self.views((photos + 1) / 2).clamp(0, 1) * 2 - 1  # type: ignore[no-any-return]
