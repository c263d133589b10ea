"""The mark that says, in the pixels themselves, that a picture was drawn and is not a photo of a patient.

A strip along the bottom edge: on the left a code of 24 black and white blocks for the machine, on the right the word
SYNTHETIC for the eye. It survives PNG, JPEG at quality 80 and a scaling to half, not a crop of the bottom edge.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Pixels = NDArray[np.uint8]

_CODE: Final = np.array([int(bit) for bit in "110100111000101011001001"], dtype=bool)
"""True is a white block. Half are white, and no run is longer than three."""
_CODE_SHARE: Final = 0.5
"""Share of the width that the code takes; the word has the rest."""
_STRIP_SHARE: Final = 0.04
_STRIP_LEAST: Final = 8
_BLACK_WHITE_GAP: Final = 48
"""The darkest white block must be this much lighter than the lightest black one, on 0..255."""
_LIGHT, _DARK = 255, 16


def mark_synthetic(pixels: Pixels) -> Pixels:
    """Write the mark over the bottom edge of a drawn picture.

    `pixels`: uint8 [height, width, 3], at least 64 px a side; at least 128 px where the picture is to be halved.
    Returns a new array of the same shape; the strip is 4 % of the height, at least 8 px.
    """
    height, width, _ = pixels.shape
    rows = _strip_rows(height)
    marked = pixels.copy()
    marked[-rows:] = np.hstack([_code(rows, _code_width(width)), _words(rows, width - _code_width(width))])[..., None]
    return marked


def is_marked_synthetic(pixels: Pixels) -> bool:
    """Say whether a picture carries the mark of `mark_synthetic`.

    `pixels`: uint8 [height, width, 3], upright, any size. Only the inner half of the strip and of each block is read.
    """
    height, width, _ = pixels.shape
    if height < _STRIP_LEAST or _code_width(width) < len(_CODE):
        return False
    top, bottom = (height - round(height * _STRIP_SHARE * part) for part in (0.75, 0.25))
    strip = pixels[top : max(bottom, top + 1), : _code_width(width)].mean(axis=(0, 2))
    edges = np.linspace(0, len(strip), 4 * len(_CODE) + 1).round().astype(int)
    blocks = np.array([strip[a : max(b, a + 1)].mean() for a, b in zip(edges[1::4], edges[3::4], strict=True)])
    return bool(blocks[_CODE].min() - blocks[~_CODE].max() >= _BLACK_WHITE_GAP)


def above_mark(pixels: Pixels) -> Pixels:
    """Give the picture without the strip, as a view; all of it where there is no mark."""
    return pixels[: -_strip_rows(len(pixels))] if is_marked_synthetic(pixels) else pixels


def _strip_rows(height: int) -> int:
    return max(_STRIP_LEAST, round(_STRIP_SHARE * height))


def _code_width(width: int) -> int:
    return round(width * _CODE_SHARE)


def _code(rows: int, columns: int) -> Pixels:
    block_of_column = np.arange(columns) * len(_CODE) // columns
    line = np.where(_CODE[block_of_column], _LIGHT, _DARK).astype(np.uint8)
    return np.tile(line, (rows, 1))


def _words(rows: int, columns: int) -> Pixels:
    word = _word()
    times = max(1, round(columns * word.height / (rows * word.width)))
    line = Image.fromarray(np.tile(np.asarray(word), (1, times)))
    return np.asarray(line.resize((columns, rows), Image.Resampling.BOX))


def _word() -> Image.Image:
    font = ImageFont.load_default(size=64)
    left, top, right, bottom = (round(edge) for edge in font.getbbox("SYNTHETIC"))
    word = Image.new("L", (right - left + 32, bottom - top + 12), _LIGHT)
    ImageDraw.Draw(word).text((16 - left, 6 - top), "SYNTHETIC", fill=_DARK, font=font)
    return word
