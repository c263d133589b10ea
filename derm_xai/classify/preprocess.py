"""Pixels to network input: the whole photo, neither cropped nor padded, at a fixed area."""

from math import sqrt

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from derm_xai.classify.network import STRIDE

AREA = 224 * 288
"""Pixels of an input: 224 by 288 for a 4:3 photo, 256 by 256 for a square one."""
INPUT = {"channels": "RGB", "range": [-1, 1], "area": AREA, "stride": STRIDE, "resampling": "bicubic"}
"""As a model's manifest names it: temperatures and limits hold for the input that they were fitted to."""


def resize(pixels: NDArray[np.uint8], area: int = AREA) -> NDArray[np.uint8]:
    """Return the photo with sides that are multiples of 32, about this area and nearly its own shape.

    `pixels`: uint8 [height, width, 3]. Bicubic with antialiasing, so that files of any size look alike to the network.
    """
    height, width = pixels.shape[:2]
    shape = (_side(sqrt(area * width / height)), _side(sqrt(area * height / width)))
    return np.array(Image.fromarray(pixels).resize(shape, Image.Resampling.BICUBIC))


def _side(length: float) -> int:
    return STRIDE * max(2, round(length / STRIDE))


def scale(pixels: NDArray[np.uint8]) -> Tensor:
    """Return uint8 [..., height, width, 3] as float [..., 3, height, width] in -1..1."""
    return torch.from_numpy(np.ascontiguousarray(pixels)).movedim(-1, -3).float() / 127.5 - 1
