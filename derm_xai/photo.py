"""The only door for photos: bytes in, clean pixels out.

The format is judged by content. Name, EXIF, GPS and every other note in the file are dropped. A file that cannot be
assessed is a `PhotoError`; a poor photo is not, it is an `ImageQuality` that says what to do.
"""

import hashlib
import logging
import math
import struct
import warnings
import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms
from pillow_heif import register_heif_opener

from derm_xai.errors import PhotoError
from derm_xai.language import later
from derm_xai.records import ImageQuality, LesionPhoto
from derm_xai.synthetic_mark import above_mark, is_marked_synthetic
from derm_xai.vocabulary import ImageType

Pixels = NDArray[np.uint8]

MAX_BYTES: Final = 20_000_000
MAX_PIXELS: Final = 50_000_000
MAX_SCANNED_PIXELS: Final = 5_000_000_000
"""Pixels times passes of a JPEG, about 4 s. A progressive JPEG of 20 MB can ask for 250,000 passes, which take hours."""
MIN_SIDE: Final = 64
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF")
"""Pillow opens the MPO of a phone as JPEG."""
_PROFILE_MODES: Final = ("RGB", "L", "CMYK", "LAB")

# Limits from all photos of the training sets at hand: MILK10k (M, n = 8,158), HAM10000 (H, 8,794), PAD-UFES-20 (P, 1,020).
QUALITY_AREA: Final = 256 * 192
MIN_SHARPNESS: Final = 3.0  # below: M 0.10 %, H 0, P 0.29 %; blurred by 1.5 % of the width >= 99.8 % (n = 3 x 600)
MIN_BRIGHTNESS: Final = 40.0  # below: one photo of M; the darkest of M's skin tone class 0 (n = 6) has 53, of class 1 (164) 69
MAX_BRIGHTNESS: Final = 235.0  # above: one photo of M; 99.9th percentiles 218 (M), 219 (H), 217 (P)
GOOD_SIDE: Final = 144  # shorter: none; the least are 240 (M), 192 (H), 147 (P); the network looks at 192 and more
MIN_CONTRAST: Final = 4.0  # below: none; the least are 4.5 (M), 4.7 (H), 5.2 (P)

_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_DAMAGE: Final = (OSError, EOFError, SyntaxError, ValueError, struct.error, zlib.error, Image.DecompressionBombError)
_SLIPS: Final = (ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, Warning)
_LIBRARY_ERRORS: Final = (*_DAMAGE, *_SLIPS, ImageCms.PyCMSError)
"""What Pillow, libheif and LittleCMS raise on damaged files, on purpose or by a slip; it guards calls into them only."""

register_heif_opener()
# what they say of a damaged file names this program's folders
warnings.filterwarnings("ignore", module="PIL")
logging.getLogger("PIL").setLevel(logging.CRITICAL + 1)


def read_photo(data: bytes, image_type: ImageType) -> LesionPhoto:
    """Decode one photo and measure its quality.

    `data`: the whole file, at most 20 MB: JPEG, PNG, WebP, TIFF, BMP, GIF or HEIC; of several frames the first.
    At most 50 megapixels, checked before any pixel is decoded, and at least 64 px a side.
    Pixels come out upright, in sRGB, on white where the file is transparent. Raises `PhotoError` for anything else.
    """
    image = _open(data)
    _check_header(image, data)
    pixels = _decode(image)
    pixels.setflags(write=False)
    return LesionPhoto(
        pixels=pixels,
        sha256=_digest(pixels),
        image_type=image_type,
        quality=measure_quality(pixels),
        synthetic=is_marked_synthetic(pixels),
    )


def photo_bytes(file: Path) -> bytes:
    """Return a file's bytes, no more of them than show that it is too large. Raises OSError, also for what is no plain file."""
    if not file.is_file():
        raise FileNotFoundError
    with file.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def distinct(photos: Iterable[LesionPhoto]) -> list[LesionPhoto]:
    """Return the photos without those whose picture came before: shown twice it is no more evidence."""
    first: dict[str, LesionPhoto] = {}
    for photo in photos:
        first.setdefault(photo.sha256, photo)
    return list(first.values())


def measure_quality(pixels: Pixels) -> ImageQuality:
    """Measure sharpness, brightness and contrast of a photo, and say in words what is wrong with it.

    `pixels`: uint8 [height, width, 3]. The luma (ITU-R BT.601, 0..255) is first scaled down to the area of 256 x 192.
    Sharpness: variance of its Laplacian (Pech-Pacheco et al., ICPR 2000); brightness: its mean; contrast: its standard
    deviation. First measures: glare, ink and framing are not looked for, and a pale, smooth lesion can pass for blurred.
    """
    luma = _small_luma(above_mark(pixels))
    sharpness, brightness, contrast = float(_laplacian(luma).var()), float(luma.mean()), float(luma.std())
    checks = (
        (
            min(pixels.shape[:2]) < GOOD_SIDE,
            later("The photo has too few pixels to show detail: send the original, or come closer and take it again."),
        ),
        (brightness < MIN_BRIGHTNESS, later("The photo is too dark: add light without casting a shadow, and take it again.")),
        (
            brightness > MAX_BRIGHTNESS,
            later("The photo is too bright: turn off the flash or soften the light, and take it again."),
        ),
        (contrast < MIN_CONTRAST, later("The photo has almost no contrast: bring the lesion into view, and take it again.")),
        (
            sharpness < MIN_SHARPNESS,
            later("The photo is blurred: hold the camera still, tap to focus on the lesion, and take it again."),
        ),
    )
    reasons = tuple(reason for failed, reason in checks if failed)
    return ImageQuality(ok=not reasons, reasons=reasons, sharpness=sharpness, brightness=brightness, contrast=contrast)


def _open(data: bytes) -> Image.Image:
    if not data:
        raise PhotoError(later("The file is empty. Please choose another photo."))
    if len(data) > MAX_BYTES:
        raise PhotoError(
            later("The file is larger than {limit} MB. Please save the photo smaller, as a JPEG."), limit=MAX_BYTES // 10**6
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # `_check_header` is stricter
            return Image.open(BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except _LIBRARY_ERRORS:
        raise PhotoError(
            later("The file is not a photo that can be opened. Please choose a JPEG, PNG, WebP or HEIC photo.")
        ) from None


def _decode(image: Image.Image) -> Pixels:
    try:
        image.load()
        turn = _turn_upright(image)
        image = _to_rgb(image)
        return np.ascontiguousarray(image if turn is None else image.transpose(turn))
    except _LIBRARY_ERRORS:
        raise _damaged() from None


def _check_header(image: Image.Image, data: bytes) -> None:
    area = max(image.width * image.height, _tile_area(image))
    if area > MAX_PIXELS:
        raise _too_many_pixels()
    if image.format in ("JPEG", "MPO") and area * data.count(b"\xff\xda") > MAX_SCANNED_PIXELS:
        raise PhotoError(later("The photo is packed in too many layers. Please save it again as an ordinary JPEG."))
    if min(image.size) < MIN_SIDE:
        raise PhotoError(
            later("The photo is less than {limit} pixels wide or high. Please choose the original, not a thumbnail."),
            limit=MIN_SIDE,
        )


def _tile_area(image: Image.Image) -> int:
    """A small TIFF may be cut out of one large tile, which is decoded whole."""
    tags = getattr(image, "tag_v2", {})
    try:
        return int(tags.get(ExifTags.Base.TileWidth, 0)) * int(tags.get(ExifTags.Base.TileLength, 0))
    except _LIBRARY_ERRORS:
        raise _damaged() from None


def _too_many_pixels() -> PhotoError:
    return PhotoError(
        later("The photo has more than {limit} megapixels. Please save it smaller and try again."), limit=MAX_PIXELS // 10**6
    )


def _damaged() -> PhotoError:
    return PhotoError(later("The photo is damaged or cut off. Please save or send it again."))


def _turn_upright(image: Image.Image) -> Image.Transpose | None:
    try:
        return _UPRIGHT.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except _LIBRARY_ERRORS:  # broken EXIF does not spoil the pixels
        return None


def _to_rgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.mode in ("I", "F"):
        raise PhotoError(later("The file holds measured values, not a photo. Please save it as a JPEG or PNG."))
    if image.mode.startswith("I;16"):
        image = _sixteen_to_eight_bits(image)
    elif image.has_transparency_data:
        image = _on_white(image)
    elif image.mode not in _PROFILE_MODES:
        image = image.convert("RGB")
    if profile:
        image = _to_srgb(image, profile)
    return image.convert("RGB")


def _sixteen_to_eight_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image).astype(np.uint32)
    return Image.fromarray(((values + 128) // 257).astype(np.uint8))


def _on_white(image: Image.Image) -> Image.Image:
    layer = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(layer, mask=layer.getchannel("A"))
    return white


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
    except _LIBRARY_ERRORS:  # a broken profile, or one for other colours: take the values as they are
        return image


def _digest(pixels: Pixels) -> str:
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(pixels.data)
    return digest.hexdigest()


def _small_luma(pixels: Pixels) -> NDArray[np.float32]:
    luma = Image.fromarray(pixels).convert("L")
    scale = min(1.0, math.sqrt(QUALITY_AREA / (luma.width * luma.height)))
    size = max(3, round(luma.width * scale)), max(3, round(luma.height * scale))
    return np.asarray(luma.resize(size, Image.Resampling.BILINEAR), dtype=np.float32)


def _laplacian(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    inner = luma[1:-1, 1:-1]
    return luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:] - 4 * inner
