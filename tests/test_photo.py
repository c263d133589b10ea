"""Every picture here is drawn in the test; none comes from a data set."""

import dataclasses
import re
import struct
import time
import tracemalloc
import warnings
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageFilter
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from derm_xai.errors import DermXaiError, PhotoError
from derm_xai.photo import MAX_BYTES, measure_quality, read_photo
from derm_xai.records import LesionPhoto
from derm_xai.synthetic_mark import mark_synthetic
from derm_xai.vocabulary import ImageType

Pixels = NDArray[np.uint8]
EXACT = {"PNG": {}, "WEBP": {"lossless": True}, "TIFF": {"compression": "tiff_lzw"}, "BMP": {}}
LOSSY = {"JPEG": {"quality": 95, "subsampling": 0}, "HEIF": {"quality": 95}}


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


def encode(picture: Pixels | Image.Image, image_format: str, **options: Any) -> bytes:
    file = BytesIO()
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image.save(file, image_format, **options)
    return file.getvalue()


def png(width: int, height: int, depth: int, colour: int, rows: bytes) -> bytes:
    """A PNG by hand: the header may promise what it likes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def read(data: bytes) -> LesionPhoto:
    return read_photo(data, ImageType.DERMOSCOPIC)


def refusal(data: bytes) -> str:
    with pytest.raises(PhotoError) as caught:
        read(data)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


def furthest(photo: LesionPhoto, expected: Pixels) -> int:
    assert photo.pixels.shape == expected.shape
    return int(np.abs(photo.pixels.astype(int) - expected).max())


def peak_memory_kib(restart: bool = False) -> int:
    """The most memory this process has held since the last restart; 0 where the system does not tell."""
    status, restarter = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not restarter.exists():
        return 0
    if restart:
        restarter.write_text("5")
    return int(re.findall(r"VmHWM:\s+(\d+)", status.read_text())[0])


# What comes out


@pytest.mark.parametrize("image_format", EXACT)
def test_lossless_formats_give_the_pixels_and_one_hash(image_format: str) -> None:
    photo = read(encode(drawn(), image_format, **EXACT[image_format]))
    assert np.array_equal(photo.pixels, drawn())
    assert photo.sha256 == read(encode(drawn(), "PNG")).sha256


@pytest.mark.parametrize("image_format", LOSSY)
def test_lossy_formats_come_close(image_format: str) -> None:
    assert furthest(read(encode(smooth(), image_format, **LOSSY[image_format])), smooth()) <= 8


def test_pixels_are_contiguous_read_only_rgb_bytes() -> None:
    for data in (encode(drawn(), "PNG"), encode(drawn(), "JPEG", exif=orientation(6)), encode(drawn(), "HEIF")):
        pixels = read(data).pixels
        assert pixels.dtype == np.uint8
        assert pixels.shape[2:] == (3,)
        assert pixels.flags.c_contiguous
        assert not pixels.flags.writeable


def test_hash_tells_apart_pixels_and_shapes_and_ignores_the_image_type() -> None:
    one_off = drawn()
    one_off[0, 0, 0] ^= 1
    black = np.zeros((64, 128, 3), np.uint8)
    hashes = [read(encode(p, "PNG")).sha256 for p in (drawn(), one_off, black, black.reshape(128, 64, 3))]
    assert len(set(hashes)) == 4
    assert all(re.fullmatch("[0-9a-f]{64}", h) for h in hashes)
    assert read_photo(encode(drawn(), "PNG"), ImageType.CLINICAL).sha256 == hashes[0]


def test_image_type_is_kept() -> None:
    assert [read_photo(encode(drawn(), "PNG"), t).image_type for t in ImageType] == list(ImageType)


def test_a_wrong_extension_does_not_matter(tmp_path: Path) -> None:
    file = tmp_path / "lesion.jpg"
    file.write_bytes(encode(drawn(), "PNG"))
    assert np.array_equal(read(file.read_bytes()).pixels, drawn())


# Refusals


def truncated(image_format: str) -> bytes:
    data = encode(drawn(), image_format)
    return data[: len(data) // 2]


REFUSED: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"Dear colleague, please find the photo enclosed." * 20,
    "zeros": lambda: bytes(4096),
    "pdf": lambda: encode(drawn(), "PDF"),
    "postscript": lambda: encode(drawn(), "EPS"),
    "icon": lambda: encode(drawn(), "ICO"),
    "measured values": lambda: encode(Image.new("F", (80, 80)), "TIFF"),
    "8 x 8": lambda: encode(drawn()[:8, :8], "PNG"),
    "one side of 63": lambda: encode(drawn()[:63], "PNG"),
    **{f"half a {name}": lambda name=name: truncated(name) for name in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF")},
    "bomb": lambda: png(50_000, 50_000, 8, 2, bytes(1000)),
    "too many bytes": lambda: encode(drawn(), "PNG") + bytes(MAX_BYTES),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_say_what_is_wrong_and_what_to_do(name: str) -> None:
    message = refusal(REFUSED[name]())
    assert re.fullmatch(r"The (file|photo) [^.]+\. Please [^.]+\.", message)
    assert not re.search(r"[/\\<>_]|bytes|PIL|libheif|identify|truncated|decod|stream|0x", message)


def test_refusals_name_the_fault() -> None:
    faults = {
        "empty": "empty",
        "text": "not a photo",
        "icon": "not a photo",
        "postscript": "not a photo",
        "measured values": "measured values",
        "8 x 8": "less than 64 pixels",
        "one side of 63": "less than 64 pixels",
        "half a JPEG": "cut off",
        "half a PNG": "cut off",
        "bomb": "more than 50 megapixels",
        "too many bytes": "larger than 20 MB",
    }
    assert {name: fault for name, fault in faults.items() if fault not in refusal(REFUSED[name]())} == {}
    assert issubclass(PhotoError, DermXaiError)


def test_64_pixels_and_exactly_20_mb_are_enough_and_not_too_much() -> None:
    assert read(encode(drawn()[:64, :64], "PNG")).pixels.shape == (64, 64, 3)
    data = encode(drawn(), "PNG")
    assert np.array_equal(read(data.ljust(MAX_BYTES, b"\0")).pixels, drawn())
    assert "20 MB" in refusal(data.ljust(MAX_BYTES + 1, b"\0"))


@pytest.mark.parametrize("side", [7_072, 10_000, 50_000])
def test_a_pixel_bomb_costs_neither_time_nor_memory(side: int) -> None:
    """Pillow itself would take the first, warn at the second and raise its own error at the third."""
    data = png(side, side, 8, 2, bytes(5_000_000))
    refusal(data)  # what is imported on the way is in memory now
    before, start = peak_memory_kib(restart=True), time.process_time()
    tracemalloc.start()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "50 megapixels" in refusal(data)
    traced = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - start < 0.5
    assert traced < 2_000_000
    assert peak_memory_kib() - before < 10_000


def test_fifty_megapixels_are_decoded() -> None:
    """So far that the missing rows are found out."""
    rows = np.random.default_rng(5).integers(0, 256, 5_000, dtype=np.uint8).tobytes()
    assert "cut off" in refusal(png(10_000, 5_000, 1, 0, rows)[:-1_000])


def test_a_small_tiff_cut_from_a_huge_tile_is_not_decoded() -> None:
    tags = ImageFileDirectory_v2()
    tags[ExifTags.Base.ImageWidth] = tags[ExifTags.Base.ImageLength] = 128
    tags[ExifTags.Base.TileWidth] = tags[ExifTags.Base.TileLength] = 9_600
    for tag, value in (("BitsPerSample", 8), ("Compression", 8), ("PhotometricInterpretation", 1), ("TileOffsets", 8)):
        tags[ExifTags.Base[tag]] = value
    assert "50 megapixels" in refusal(b"II*\0\x08\0\0\0" + tags.tobytes(8) + bytes(2_000))


def test_a_jpeg_of_a_thousand_passes_is_not_decoded() -> None:
    data = encode(Image.new("L", (3_000, 3_000), 120), "JPEG", progressive=True)
    last_pass = data[data.rindex(b"\xff\xda") : -2]
    start = time.process_time()
    assert "layers" in refusal(data[:-2] + last_pass * 1_000 + data[-2:])
    assert time.process_time() - start < 0.5


# Colours


def test_cmyk_photos_are_not_inverted() -> None:
    """JPEG keeps CMYK the way Adobe does, inverted."""
    cmyk = Image.fromarray(smooth()).convert("CMYK")
    assert furthest(read(encode(cmyk, "TIFF")), smooth()) <= 1
    assert furthest(read(encode(cmyk, "JPEG", quality=95)), smooth()) <= 8


def test_16_bit_grey_is_scaled_and_not_clipped() -> None:
    values = np.linspace(0, 65_535, 64 * 80).reshape(64, 80)
    expected = np.repeat(np.rint(values.astype(np.uint16) / 257).astype(np.uint8)[..., None], 3, axis=2)
    for image_format in ("PNG", "TIFF"):
        assert furthest(read(encode(Image.fromarray(values.astype(np.uint16)), image_format)), expected) == 0


def test_16_bit_rgb_gives_the_high_bytes() -> None:
    wide = (smooth().astype(np.uint16) * 257).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in wide)
    assert np.array_equal(read(png(128, 96, 16, 2, rows)).pixels, smooth())


def halves(image: Image.Image, image_format: str, **options: Any) -> tuple[list[int], list[int]]:
    pixels = read(encode(image, image_format, **options)).pixels
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
    assert furthest(read(encode(as_lab, "TIFF")), smooth()) <= 12  # LAB in 8 bits is coarse
    assert furthest(read(encode(Image.fromarray(smooth()).convert("YCbCr"), "TIFF")), smooth()) <= 3


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def profile_with_red_and_blue_swapped() -> bytes:
    return srgb_profile().replace(b"rXYZ", b"swap").replace(b"bXYZ", b"rXYZ").replace(b"swap", b"bXYZ")


def test_other_colour_profiles_become_srgb() -> None:
    tagged = encode(smooth(), "PNG", icc_profile=profile_with_red_and_blue_swapped())
    assert furthest(read(tagged), smooth()[..., ::-1]) <= 2


@pytest.mark.parametrize("profile", [srgb_profile(), b"not a profile", srgb_profile()[:200]])
def test_srgb_and_broken_profiles_leave_the_colours(profile: bytes) -> None:
    assert np.array_equal(read(encode(smooth(), "PNG", icc_profile=profile)).pixels, smooth())
    grey = Image.fromarray(smooth()[..., 0])
    assert np.array_equal(read(encode(grey, "PNG", icc_profile=profile)).pixels[..., 2], smooth()[..., 0])


# Several frames


@pytest.mark.parametrize(("image_format", "options"), [("GIF", {}), ("WEBP", {"lossless": True}), ("PNG", {}), ("TIFF", {})])
def test_of_several_frames_the_first(image_format: str, options: dict[str, Any]) -> None:
    red, blue = Image.new("RGB", (64, 64), (200, 0, 0)), Image.new("RGB", (64, 64), (0, 0, 200))
    data = encode(red, image_format, save_all=True, append_images=[blue, red, blue], **options)
    assert Image.open(BytesIO(data)).n_frames == 4
    assert np.array_equal(np.unique(read(data).pixels.reshape(-1, 3), axis=0), [[200, 0, 0]])


def test_mpo_as_phones_write_it() -> None:
    data = encode(smooth(), "MPO", quality=95, subsampling=0, save_all=True, append_images=[Image.new("RGB", (128, 96))])
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


def orientation(value: int) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = value
    return exif.tobytes()


@pytest.mark.parametrize("value", STORED)
@pytest.mark.parametrize("image_format", ["JPEG", "HEIF", "PNG", "WEBP", "TIFF"])
def test_every_exif_orientation_comes_out_upright(image_format: str, value: int) -> None:
    upright, turn = Image.fromarray(smooth()), STORED[value]
    stored = upright if turn is None else upright.transpose(turn)
    data = encode(stored, image_format, exif=orientation(value), **(EXACT | LOSSY)[image_format])
    assert furthest(read(data), smooth()) <= (8 if image_format in LOSSY else 0)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("exif", [b"Exif\0\0garbage", b"Exif\0\0MM\0*\xff\xff\xff\xff", orientation(0), orientation(9)])
def test_broken_exif_does_not_spoil_the_photo(exif: bytes) -> None:
    for image_format in ("JPEG", "WEBP", "PNG"):
        data = encode(smooth(), image_format, exif=exif, **(EXACT | LOSSY)[image_format])
        assert furthest(read(data), smooth()) <= 8


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
def test_nothing_of_the_metadata_is_kept(image_format: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Jane Doe"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (48.0, 51.0, 29.0), 29: "2024:03:05"})
    options = {"lossless": True} if image_format == "WEBP" else {}
    data = encode(smooth(), image_format, exif=exif.tobytes(), **options)
    assert b"Jane Doe" in data
    assert b"2024:03:05" in data
    photo = read(data)
    assert {field.name for field in dataclasses.fields(photo)} == {"pixels", "sha256", "image_type", "quality", "synthetic"}
    assert vars(photo).keys() == {field.name for field in dataclasses.fields(photo)}
    assert type(photo.pixels) is np.ndarray
    assert not re.search("Jane|2024|48|GPS|xif", repr(photo).replace(photo.sha256, "").split("quality=")[0])
    assert b"Jane Doe" not in photo.pixels.tobytes()
    assert photo.sha256 == read(encode(smooth(), image_format, **options)).sha256


# Whatever the bytes are


def same_or_refused(data: bytes) -> None:
    try:
        photo = read(data)
    except PhotoError:
        return
    assert photo.pixels.ndim == 3
    assert min(photo.pixels.shape[:2]) >= 64
    assert all(map(np.isfinite, (photo.quality.sharpness, photo.quality.brightness, photo.quality.contrast)))


SMALL = drawn(72, 80)
SEEDS = [
    encode(SMALL, "JPEG", exif=orientation(6), icc_profile=srgb_profile()),
    encode(SMALL, "JPEG", progressive=True),
    encode(SMALL, "PNG", exif=orientation(3), icc_profile=srgb_profile()),
    encode(Image.fromarray(SMALL).quantize(16), "PNG"),
    encode(SMALL, "WEBP"),
    encode(SMALL, "TIFF", compression="tiff_lzw"),
    encode(SMALL, "GIF"),
    encode(SMALL, "BMP"),
    encode(SMALL, "HEIF"),
    encode(SMALL, "MPO", save_all=True, append_images=[Image.fromarray(SMALL)]),
]
MAGIC = [
    b"",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\x10\0\0\0WEBPVP8 ",
    b"II*\0\x08\0\0\0",
    b"GIF89a",
    b"BM",
    b"\0\0\0\x18ftypheic",
]
light = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@light
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@given(st.sampled_from(MAGIC), st.binary(max_size=400))
def test_random_bytes_are_refused_or_read(magic: bytes, rest: bytes) -> None:
    same_or_refused(magic + rest)


@light
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12), st.floats(0, 1))
def test_corrupted_photos_are_refused_or_read(seed: bytes, edits: list[tuple[float, int]], keep: float) -> None:
    data = bytearray(seed)
    for place, value in edits:
        data[int(place**2 * (len(data) - 1))] = value  # more often in the header
    same_or_refused(bytes(data[: int(len(data) * min(1, 2 * keep))]))


# Quality


def blurred(pixels: Pixels) -> Pixels:
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(0.02 * pixels.shape[1])))


def flat(value: int) -> Pixels:
    return np.full((192, 256, 3), value, np.uint8)


def first_words(pixels: Pixels) -> list[str]:
    quality = measure_quality(pixels)
    assert quality.ok == (not quality.reasons)
    assert all(reason.endswith("take it again.") for reason in quality.reasons)
    return [reason.split(":")[0].removeprefix("The photo ") for reason in quality.reasons]


def test_a_sharp_photo_is_ok() -> None:
    quality = read(encode(drawn(), "JPEG", quality=90)).quality
    assert quality.ok
    assert quality.reasons == ()
    assert 100 < quality.brightness < 200


@pytest.mark.parametrize("height", [192, 768])
def test_a_blurred_photo_is_a_result_with_advice(height: int) -> None:
    quality = read(encode(blurred(drawn(height, height * 4 // 3)), "PNG")).quality
    assert not quality.ok
    assert quality.reasons == ("The photo is blurred: hold the camera still, tap to focus on the lesion, and take it again.",)


def test_dark_bright_and_empty_photos_are_told_apart() -> None:
    assert first_words(drawn() // 6) == ["is too dark"]
    assert first_words(np.minimum(drawn(), 145) + 110) == ["is too bright"]
    assert first_words(flat(128)) == ["has almost no contrast", "is blurred"]
    assert first_words(flat(0)) == ["is too dark", "has almost no contrast", "is blurred"]
    assert first_words(flat(255)) == ["is too bright", "has almost no contrast", "is blurred"]


def test_measures_by_hand() -> None:
    """On a checkerboard of 100 and 110 each Laplacian is +40 or -40."""
    board = (100 + 10 * (np.indices((64, 64)).sum(axis=0) % 2)).astype(np.uint8)
    quality = measure_quality(np.repeat(board[..., None], 3, axis=2))
    assert (quality.sharpness, quality.brightness, quality.contrast) == (1600, 105, 5)
    red = measure_quality(np.tile(np.array([200, 0, 0], np.uint8), (64, 64, 1)))
    assert red.brightness == pytest.approx(0.299 * 200, abs=1)


def test_sharpness_does_not_grow_with_the_size_of_the_file() -> None:
    assert measure_quality(drawn(768, 1024)).sharpness == pytest.approx(measure_quality(drawn()).sharpness, rel=0.6)


def test_a_long_thin_photo_can_be_measured() -> None:
    assert read(encode(np.tile(drawn()[:64, :64], (1, 200, 1)), "PNG")).quality.sharpness > 0


# Drawn pictures


def test_the_mark_is_read_from_the_pixels_and_does_not_hide_blur() -> None:
    marked = read(encode(mark_synthetic(blurred(drawn())), "JPEG", quality=80))
    assert marked.synthetic
    assert [reason[:20] for reason in marked.quality.reasons] == ["The photo is blurred"]
    assert not read(encode(drawn(), "JPEG", quality=80)).synthetic
