"""Files of drawn photos, as cameras and phones may write them; none comes from a data set."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms

from derm_xai.photo import read_photo
from derm_xai.records import LesionPhoto
from derm_xai.vocabulary import ImageType

Pixels = NDArray[np.uint8]


def drawn(height: int = 192, width: int = 256) -> Pixels:
    """Skin with a texture, and a dark spot above and left of the middle."""
    rows, columns = np.mgrid[:height, :width] / (height, width)[0]
    skin = np.array([205, 160, 140]) + 20 * (columns - rows)[..., None]
    spot = np.hypot(rows - 0.4, 1.4 * (columns - 0.5)) < 0.2
    texture = 20 * np.sin(150 * rows) * np.sin(150 * columns)
    return (np.where(spot[..., None], [110, 70, 55], skin) + texture[..., None]).astype(np.uint8)


def smooth() -> Pixels:
    """A picture that a lossy codec keeps to within a few grey levels; no symmetry."""
    rows, columns = np.mgrid[:96, :128]
    return np.stack([60 + rows, 200 - columns, 80 + rows // 2 + columns // 2], axis=-1).astype(np.uint8)


def png(width: int, height: int, depth: int, colour: int, rows: bytes) -> bytes:
    """A PNG by hand: the header may promise what it likes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def read(data: bytes) -> LesionPhoto:
    return read_photo(data, ImageType.DERMOSCOPIC)


def orientation(value: int) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = value
    return exif.tobytes()


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
