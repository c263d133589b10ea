"""Photos that are nearly the same picture: a perceptual hash and a search for close pairs.

The hash is pHash (Zauner 2010) with 256 bits instead of 64, from the 16 by 16 lowest frequencies but the mean: one dark spot on
pale skin looks like another to 64 bits. Among the 17,972 photos at hand, the closest two of different lesions differ in 28
bits; a copy that was coloured, cut a little and packed anew differs in 14. There is one such pair under two lesion ids.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dctn

SIDE, LOW = 64, 16
NEAR = 20
"""Pairs that differ in at most so many of 256 bits are taken for one picture."""
_FOUND = Path(__file__).with_name("near_duplicates.csv")


def known_copies() -> dict[str, str]:
    """Return the near copies under two lesion ids in the public sets: from the id of one photo to that of the other."""
    with _FOUND.open(encoding="utf-8", newline="") as lines:
        return {row["near_copy"]: row["image_id"] for row in csv.DictReader(lines)}


def perceptual_hash(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return 256 bits for a photo, uint8 [height, width, 3] of any size."""
    luma = Image.fromarray(pixels).convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    low = dctn(np.asarray(luma, np.float64), norm="ortho")[:LOW, :LOW].ravel()
    low[0] = 0
    bits: NDArray[np.bool_] = low > np.median(low)
    return bits


def near_pairs(hashes: NDArray[np.bool_]) -> Iterator[tuple[int, int, int]]:
    """Yield (first, second, differing bits) of the rows of hashes [photo, 256] that differ in at most NEAR bits."""
    signs = np.where(hashes, np.float32(1), np.float32(-1))
    bits = hashes.shape[1]
    for start in range(0, len(signs), 1024):
        differ = (bits - signs[start : start + 1024] @ signs[start:].T) / 2
        for row, column in np.argwhere(differ <= NEAR):
            if column > row:
                yield start + int(row), start + int(column), round(float(differ[row, column]))
