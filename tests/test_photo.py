"""What comes out of a photo that can be read."""

import dataclasses
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms

from derm_xai.photo import read_photo
from derm_xai.records import LesionPhoto
from derm_xai.vocabulary import ImageType
from tests.conftest import encoded
from tests.drawn_photos import Pixels, drawn, orientation, png, read, smooth, srgb_profile

EXACT = {"PNG": {}, "WEBP": {"lossless": True}, "TIFF": {"compression": "tiff_lzw"}, "BMP": {}}
LOSSY = {"JPEG": {"quality": 95, "subsampling": 0}, "HEIF": {"quality": 95}}


def furthest(photo: LesionPhoto, expected: Pixels) -> int:
    assert photo.pixels.shape == expected.shape
    return int(np.abs(photo.pixels.astype(int) - expected).max())


@pytest.mark.parametrize("image_format", EXACT)
def test_lossless_formats_give_the_pixels_and_one_hash(image_format: str) -> None:
    photo = read(encoded(drawn(), image_format, **EXACT[image_format]))
    assert np.array_equal(photo.pixels, drawn())
    assert photo.sha256 == read(encoded(drawn(), "PNG")).sha256


@pytest.mark.parametrize("image_format", LOSSY)
def test_lossy_formats_come_close(image_format: str) -> None:
    assert furthest(read(encoded(smooth(), image_format, **LOSSY[image_format])), smooth()) <= 8


def test_pixels_are_contiguous_read_only_rgb_bytes() -> None:
    for data in (encoded(drawn(), "PNG"), encoded(drawn(), "JPEG", exif=orientation(6)), encoded(drawn(), "HEIF")):
        pixels = read(data).pixels
        assert pixels.dtype == np.uint8
        assert pixels.shape[2:] == (3,)
        assert pixels.flags.c_contiguous
        assert not pixels.flags.writeable


def test_hash_tells_apart_pixels_and_shapes_and_ignores_the_image_type() -> None:
    one_off = drawn()
    one_off[0, 0, 0] ^= 1
    black = np.zeros((64, 128, 3), np.uint8)
    hashes = [read(encoded(p, "PNG")).sha256 for p in (drawn(), one_off, black, black.reshape(128, 64, 3))]
    assert len(set(hashes)) == 4
    assert all(re.fullmatch("[0-9a-f]{64}", h) for h in hashes)
    assert read_photo(encoded(drawn(), "PNG"), ImageType.CLINICAL).sha256 == hashes[0]


def test_image_type_is_kept() -> None:
    assert [read_photo(encoded(drawn(), "PNG"), t).image_type for t in ImageType] == list(ImageType)


def test_a_wrong_extension_does_not_matter(tmp_path: Path) -> None:
    file = tmp_path / "lesion.jpg"
    file.write_bytes(encoded(drawn(), "PNG"))
    assert np.array_equal(read(file.read_bytes()).pixels, drawn())


# Colours


def test_cmyk_photos_are_not_inverted() -> None:
    """JPEG keeps CMYK the way Adobe does, inverted."""
    cmyk = Image.fromarray(smooth()).convert("CMYK")
    assert furthest(read(encoded(cmyk, "TIFF")), smooth()) <= 1
    assert furthest(read(encoded(cmyk, "JPEG", quality=95)), smooth()) <= 8


def test_16_bit_grey_is_scaled_and_not_clipped() -> None:
    values = np.linspace(0, 65_535, 64 * 80).reshape(64, 80)
    expected = np.repeat(np.rint(values.astype(np.uint16) / 257).astype(np.uint8)[..., None], 3, axis=2)
    for image_format in ("PNG", "TIFF"):
        assert furthest(read(encoded(Image.fromarray(values.astype(np.uint16)), image_format)), expected) == 0


def test_16_bit_rgb_gives_the_high_bytes() -> None:
    wide = (smooth().astype(np.uint16) * 257).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in wide)
    assert np.array_equal(read(png(128, 96, 16, 2, rows)).pixels, smooth())


def halves(image: Image.Image, image_format: str, **options: Any) -> tuple[list[int], list[int]]:
    pixels = read(encoded(image, image_format, **options)).pixels
    return pixels[32, 16].tolist(), pixels[32, 48].tolist()


@pytest.mark.parametrize("image_format", ["PNG", "GIF"])
def test_palettes_with_and_without_transparency(image_format: str) -> None:
    image = Image.new("P", (64, 64), 0)
    image.putpalette([200, 30, 40, 10, 20, 200])
    image.paste(1, (32, 0, 64, 64))
    assert halves(image, image_format) == ([200, 30, 40], [10, 20, 200])
    assert halves(image, image_format, transparency=1) == ([200, 30, 40], [255, 255, 255])


def test_a_palette_with_half_transparent_colours_lies_on_white() -> None:
    image = Image.new("P", (64, 64), 0)
    image.putpalette([200, 30, 40, 0, 0, 0])
    image.paste(1, (32, 0, 64, 64))
    assert halves(image, "PNG", transparency=bytes([255, 128])) == ([200, 30, 40], [127, 127, 127])


@pytest.mark.parametrize(("mode", "left", "clear"), [("RGBA", (200, 30, 40, 255), (0, 0, 0, 0)), ("LA", (90, 255), (0, 0))])
def test_transparency_lies_on_white(mode: str, left: tuple[int, ...], clear: tuple[int, ...]) -> None:
    image = Image.new(mode, (64, 64), left)
    image.paste(clear, (32, 0, 64, 64))
    colour = [90, 90, 90] if mode == "LA" else [200, 30, 40]
    assert halves(image, "PNG") == halves(image, "TIFF") == (colour, [255, 255, 255])


def test_one_bit_and_grey() -> None:
    for mode, white in (("1", 1), ("L", 255)):
        image = Image.new(mode, (64, 64), 0)
        image.paste(white, (32, 0, 64, 64))
        assert halves(image, "PNG") == ([0, 0, 0], [255, 255, 255])


def test_ycbcr_and_lab_tiff() -> None:
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    as_lab = ImageCms.profileToProfile(Image.fromarray(smooth()), srgb, lab, outputMode="LAB")
    assert furthest(read(encoded(as_lab, "TIFF")), smooth()) <= 12  # LAB in 8 bits is coarse
    assert furthest(read(encoded(Image.fromarray(smooth()).convert("YCbCr"), "TIFF")), smooth()) <= 3


def profile_with_red_and_blue_swapped() -> bytes:
    return srgb_profile().replace(b"rXYZ", b"swap").replace(b"bXYZ", b"rXYZ").replace(b"swap", b"bXYZ")


def test_other_colour_profiles_become_srgb() -> None:
    tagged = encoded(smooth(), "PNG", icc_profile=profile_with_red_and_blue_swapped())
    assert furthest(read(tagged), smooth()[..., ::-1]) <= 2


@pytest.mark.parametrize("profile", [srgb_profile(), b"not a profile", srgb_profile()[:200]])
def test_srgb_and_broken_profiles_leave_the_colours(profile: bytes) -> None:
    assert np.array_equal(read(encoded(smooth(), "PNG", icc_profile=profile)).pixels, smooth())
    grey = Image.fromarray(smooth()[..., 0])
    assert np.array_equal(read(encoded(grey, "PNG", icc_profile=profile)).pixels[..., 2], smooth()[..., 0])


# Several frames


@pytest.mark.parametrize(("image_format", "options"), [("GIF", {}), ("WEBP", {"lossless": True}), ("PNG", {}), ("TIFF", {})])
def test_of_several_frames_the_first(image_format: str, options: dict[str, Any]) -> None:
    red, blue = Image.new("RGB", (64, 64), (200, 0, 0)), Image.new("RGB", (64, 64), (0, 0, 200))
    data = encoded(red, image_format, save_all=True, append_images=[blue, red, blue], **options)
    assert Image.open(BytesIO(data)).n_frames == 4
    assert np.array_equal(np.unique(read(data).pixels.reshape(-1, 3), axis=0), [[200, 0, 0]])


def test_mpo_as_phones_write_it() -> None:
    data = encoded(smooth(), "MPO", quality=95, subsampling=0, save_all=True, append_images=[Image.new("RGB", (128, 96))])
    assert Image.open(BytesIO(data)).format == "MPO"
    assert furthest(read(data), smooth()) <= 8


# Upright, and nothing else of the file

STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How an upright picture lies in the file for each value of EXIF orientation."""


@pytest.mark.parametrize("value", STORED)
@pytest.mark.parametrize("image_format", ["JPEG", "HEIF", "PNG", "WEBP", "TIFF"])
def test_every_exif_orientation_comes_out_upright(image_format: str, value: int) -> None:
    upright, turn = Image.fromarray(smooth()), STORED[value]
    stored = upright if turn is None else upright.transpose(turn)
    data = encoded(stored, image_format, exif=orientation(value), **(EXACT | LOSSY)[image_format])
    assert furthest(read(data), smooth()) <= (8 if image_format in LOSSY else 0)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("exif", [b"Exif\0\0garbage", b"Exif\0\0MM\0*\xff\xff\xff\xff", orientation(0), orientation(9)])
def test_broken_exif_does_not_spoil_the_photo(exif: bytes) -> None:
    for image_format in ("JPEG", "WEBP", "PNG"):
        data = encoded(smooth(), image_format, exif=exif, **(EXACT | LOSSY)[image_format])
        assert furthest(read(data), smooth()) <= 8


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
def test_nothing_of_the_metadata_is_kept(image_format: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Jane Doe"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (48.0, 51.0, 29.0), 29: "2024:03:05"})
    options = {"lossless": True} if image_format == "WEBP" else {}
    data = encoded(smooth(), image_format, exif=exif.tobytes(), **options)
    assert b"Jane Doe" in data
    assert b"2024:03:05" in data
    photo = read(data)
    assert {field.name for field in dataclasses.fields(photo)} == {"pixels", "sha256", "image_type", "quality", "synthetic"}
    assert vars(photo).keys() == {field.name for field in dataclasses.fields(photo)}
    assert type(photo.pixels) is np.ndarray
    assert not re.search("Jane|2024|48|GPS|xif", repr(photo).replace(photo.sha256, "").split("quality=")[0])
    assert b"Jane Doe" not in photo.pixels.tobytes()
    assert photo.sha256 == read(encoded(smooth(), image_format, **options)).sha256
