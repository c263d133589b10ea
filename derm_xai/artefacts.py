"""Things that lie on a photo and are not the lesion: hair, ruler, pen ink, gel bubbles, dark corners.

Drawn, so that training can teach that they mean nothing and an evaluation can measure what they still do.
Surgical ink alone took a cleared network's specificity from 84 to 46 (Winkler et al., JAMA Dermatol. 2019).
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from derm_xai.language import later

_FINER = 2  # drawn at twice the size, so that edges are smooth
_INKS = ((58, 30, 110), (40, 40, 140), (30, 60, 60), (90, 20, 90), (20, 20, 30))
_HAIRS = ((20, 14, 12), (50, 34, 24), (110, 84, 60), (190, 176, 160))

Pen = ImageDraw.ImageDraw
Color = tuple[int, ...]


class Artefact(StrEnum):
    """What can be drawn."""

    HAIR = later("hair")
    RULER = later("ruler")
    INK = later("ink")
    GEL = later("gel")
    DARK_CORNERS = later("dark corners")


def overlay(artefact: Artefact, rng: np.random.Generator, height: int, width: int) -> NDArray[np.uint8]:
    """Draw one artefact on a clear sheet: uint8 [height, width, 4], straight alpha."""
    sheet = Image.new("RGBA", (width * _FINER, height * _FINER))
    _DRAW[artefact](sheet, rng)
    # blurred with the alpha multiplied in, so that the black of what is clear darkens no edge
    return np.array(sheet.convert("RGBa").filter(ImageFilter.GaussianBlur(0.6)).reduce(_FINER).convert("RGBA"))


def lay(pixels: NDArray[np.uint8], sheet: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the photo [height, width, 3] with a sheet [height, width, 4] on it."""
    under = Image.fromarray(pixels).convert("RGBA")
    return np.array(Image.alpha_composite(under, Image.fromarray(sheet)).convert("RGB"))


def _hair(sheet: Image.Image, rng: np.random.Generator) -> None:
    pen, (width, height) = ImageDraw.Draw(sheet), sheet.size
    color = (*_HAIRS[rng.integers(len(_HAIRS))], int(rng.integers(150, 245)))
    grain = rng.uniform(0, np.pi)
    for _ in range(rng.integers(3, 30)):
        start = rng.uniform((0, 0), (width, height))
        angle, bend = rng.normal(grain, 0.5), rng.normal(0, 0.5)
        _curve(pen, start, angle, bend, rng.uniform(0.2, 0.9) * height, color, int(rng.integers(1, 5)))


def _curve(pen: Pen, start: NDArray[np.float64], angle: float, bend: float, length: float, color: Color, thick: int) -> None:
    angles = angle + bend * np.linspace(0, 1, 24)
    points = start + np.cumsum(np.stack([np.cos(angles), np.sin(angles)], 1) * length / 24, axis=0)
    pen.line([tuple(point) for point in points], fill=color, width=thick, joint="curve")


def _ruler(sheet: Image.Image, rng: np.random.Generator) -> None:
    """Ticks along one edge, as a scale bar of a dermatoscope or as a strip of paper with a scale."""
    strip = Image.new("RGBA", (max(sheet.size) * 2, int(rng.uniform(0.08, 0.2) * min(sheet.size))))
    pen = ImageDraw.Draw(strip)
    paper = rng.random() < 0.5
    if paper:
        pen.rectangle((0, 0, *strip.size), fill=(235, 235, 228, 255))
    color = (20, 20, 20, 255) if paper or rng.random() < 0.7 else (240, 240, 240, 255)
    step = rng.uniform(8, 26)
    for tick in range(int(strip.width / step)):
        long = 0.9 if tick % 10 == 0 else 0.65 if tick % 5 == 0 else 0.4
        pen.line((tick * step, 0, tick * step, strip.height * long), fill=color, width=2)
    upright = rng.random() < 0.5
    turned = strip.rotate(90 * upright + rng.choice((0, 180)) + rng.normal(0, 6), expand=True)
    across = rng.choice((strip.height // 2, (sheet.width if upright else sheet.height) - strip.height // 2))
    x, y = (across, sheet.height // 2) if upright else (sheet.width // 2, across)
    sheet.paste(turned, (int(x) - turned.width // 2, int(y) - turned.height // 2), turned)


def _ink(sheet: Image.Image, rng: np.random.Generator) -> None:
    """Pen marks around or beside the lesion: strokes, dots, a dashed ring."""
    pen, (width, height) = ImageDraw.Draw(sheet), sheet.size
    color = (*_INKS[rng.integers(len(_INKS))], int(rng.integers(110, 230)))
    thick = int(rng.integers(5, 16))
    if rng.random() < 0.4:
        radius = rng.uniform(0.3, 0.48) * height
        box = (width / 2 - radius, height / 2 - radius, width / 2 + radius, height / 2 + radius)
        for start in range(0, 360, int(rng.integers(25, 70))):
            pen.arc(box, start, start + rng.uniform(10, 40), fill=color, width=thick)
        return
    for _ in range(rng.integers(1, 5)):
        place = rng.uniform((0, 0), (width, height))
        if rng.random() < 0.3:
            pen.ellipse((*place - thick, *place + thick), fill=color)
        else:
            _curve(pen, place, rng.uniform(0, 2 * np.pi), rng.normal(0, 0.8), rng.uniform(0.1, 0.5) * height, color, thick)


def _gel(sheet: Image.Image, rng: np.random.Generator) -> None:
    pen, (width, height) = ImageDraw.Draw(sheet), sheet.size
    for _ in range(rng.integers(3, 25)):
        place, radius = rng.uniform((0, 0), (width, height)), rng.gamma(2, 4) + 3
        pen.ellipse((*place - radius, *place + radius), outline=(60, 40, 40, 110), width=2)
        glint = place - radius * 0.4
        pen.ellipse((*glint - radius * 0.3, *glint + radius * 0.3), fill=(255, 255, 255, 200))


def _dark_corners(sheet: Image.Image, rng: np.random.Generator) -> None:
    """The round window of a dermatoscope, sharp or soft."""
    width, height = sheet.size
    rows, columns = np.mgrid[:height, :width]
    center = np.array((height, width)) / 2 + rng.normal(0, 0.03, 2) * height
    radius = rng.uniform(0.52, 0.62) * width
    far = np.hypot(rows - center[0], columns - center[1]) - radius
    alpha = np.clip(far / rng.uniform(1, 50), 0, 1) * rng.uniform(0.6, 1)
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[..., 3] = 255 * alpha
    sheet.paste(Image.fromarray(pixels))


_DRAW: dict[Artefact, Callable[[Image.Image, np.random.Generator], None]] = {
    Artefact.HAIR: _hair,
    Artefact.RULER: _ruler,
    Artefact.INK: _ink,
    Artefact.GEL: _gel,
    Artefact.DARK_CORNERS: _dark_corners,
}
