"""From tissue to a photo: light, lens, sensor and the JPEG that a camera writes."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from derm_xai.examples.noise import COLUMNS, HEIGHT, ROWS, WIDTH, Field, blur, fractal, ramp
from derm_xai.examples.tissue import Tissue, reflectance

_Light = NDArray[np.float32]
_STRAY = np.array((0.012, 0.012, 0.016), np.float32)  # no black in a photo is without some light
_RADIUS = np.hypot((COLUMNS - WIDTH / 2) / (WIDTH / 2), (ROWS - HEIGHT / 2) / (HEIGHT / 2)).astype(np.float32)


@dataclass(frozen=True)
class Camera:
    """How a photo is taken. `balance`: gain of red, green, blue. `exposure`: gain of all three. `softness`: blur in pixels.

    `falloff`: share of the light that is missing at the middle of an edge. `noise`: deviation, of 0..255. `field_stop`:
    radius at which the dermatoscope's black rim begins, in half widths; the default lies beyond the corners.
    """

    balance: tuple[float, float, float]
    exposure: float
    softness: float
    falloff: float
    noise: float = 2.0
    field_stop: float = 9.0


def _diffuse(colour: _Light) -> _Light:
    """Let a part of the light wander sideways in the skin before it comes out: this softens what lies in it."""
    mixed = 0.74 * colour + 0.26 * ndimage.gaussian_filter(colour, (3.5, 3.5, 0), truncate=2.5)
    return np.asarray(mixed + _STRAY, np.float32)


def flash(rng: Generator, tissue: Tissue, camera: Camera) -> _Light:
    """Light a close-up from above and to one side: shade the relief, add the sheen of the skin's oil."""
    down, along = np.gradient(blur(tissue.height, 0.7))
    facets = fractal(rng, 3, octaves=2, gain=0.8)
    angle = rng.uniform(np.pi * 0.25, np.pi * 0.75)
    slope = along * np.cos(angle) + down * np.sin(angle)
    shade = 1 + 0.62 * np.tanh(slope) + 0.012 * facets
    # A facet glints where it leans toward the light; the oil film lies in patches.
    lean = np.tanh(slope) * 2.1 + 0.30 * facets * (1 - 0.6 * tissue.inside)
    glint = ramp(lean, 0.45, 1.7) * (0.12 + 0.88 * tissue.gloss)
    tilt = ((COLUMNS - WIDTH / 2) * np.cos(angle) + (ROWS - HEIGHT / 2) * np.sin(angle)) / WIDTH
    level = (1 - 0.42 * tilt - camera.falloff * _RADIUS**2) * (1 + 0.02 * fractal(rng, 260, octaves=2))
    lit = _diffuse(reflectance(tissue)) * shade[..., None] + 0.38 * glint[..., None]
    return np.asarray(lit * level[..., None], np.float32)


def polarised(rng: Generator, tissue: Tissue, camera: Camera) -> _Light:
    """Light through crossed polarisers: even, without glare, darker toward the rim."""
    down, along = np.gradient(blur(tissue.height, 0.8))
    shade = 1 + (0.10 + 0.22 * tissue.keratin) * np.tanh(along + down)
    level = (1 - camera.falloff * _RADIUS**2) * (1 + 0.02 * fractal(rng, 260, octaves=2))
    return np.asarray(_diffuse(reflectance(tissue)) * (shade * level)[..., None], np.float32)


def expose(rng: Generator, light: _Light, camera: Camera) -> NDArray[np.uint8]:
    """Turn light into pixels: lens blur, tone curve, sensor noise, sharpening, JPEG. Returns uint8 RGB."""
    disc = np.hypot(COLUMNS - WIDTH / 2, ROWS - HEIGHT / 2) / (WIDTH / 2)
    light = light * (0.004 + 0.996 * ramp(disc, camera.field_stop + 0.03, camera.field_stop - 0.05))[..., None]
    seen = ndimage.gaussian_filter(light, (camera.softness, camera.softness, 0), truncate=3)
    seen = np.clip(seen * np.float32(camera.exposure) * np.asarray(camera.balance, np.float32), 0, None)
    seen = seen / (1 + np.maximum(seen - 0.75, 0) * 0.8)  # a soft shoulder: highlights roll off
    pixels = 255 * np.where(seen < 0.0031308, 12.92 * seen, 1.055 * np.maximum(seen, 1e-6) ** (1 / 2.4) - 0.055)
    pixels = pixels + camera.noise * _grain(rng, pixels)
    pixels = pixels + 0.6 * (pixels - ndimage.gaussian_filter(pixels, (1.2, 1.2, 0), truncate=3))
    return _jpeg(np.clip(pixels, 0, 255).round().astype(np.uint8))


def _grain(rng: Generator, pixels: _Light) -> _Light:
    luma = rng.standard_normal((HEIGHT, WIDTH, 1), np.float32)
    chroma = ndimage.gaussian_filter(rng.standard_normal((HEIGHT, WIDTH, 3), np.float32), (1.5, 1.5, 0), truncate=2)
    return np.asarray((luma + 3 * chroma) * (1.2 - pixels / 425), np.float32)


def _jpeg(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    with Image.open(file) as photo:
        return np.asarray(photo.convert("RGB"))


def shrink(tissue: Tissue, scale: float, shift: tuple[float, float]) -> Tissue:
    """Step back: the same lesion `scale` times as large, moved by `shift` (x, y) pixels."""
    offset = (HEIGHT / 2 - (HEIGHT / 2 + shift[1]) / scale, WIDTH / 2 - (WIDTH / 2 + shift[0]) / scale)

    def smaller(field: Field) -> Field:
        soft = blur(field, 0.35 / scale)  # or the fine structures would alias
        return np.asarray(ndimage.affine_transform(soft, (1 / scale, 1 / scale), offset, order=1), np.float32)

    maps = {name: smaller(field) for name, field in tissue.maps().items()}
    maps["height"] = maps["height"] * scale
    return Tissue(**maps)
