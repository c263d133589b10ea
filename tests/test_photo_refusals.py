"""Photos that cannot be read, and bytes that may or may not be one."""

import os
import re
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from derm_xai.errors import DermXaiError, PhotoError
from derm_xai.photo import MAX_BYTES, photo_bytes, read_photo
from derm_xai.vocabulary import ImageType
from tests.conftest import encoded
from tests.drawn_photos import drawn, orientation, png, read, srgb_profile


def refusal(data: bytes) -> str:
    with pytest.raises(PhotoError) as caught:
        read(data)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


def peak_memory_kib(restart: bool = False) -> int:
    """The most memory this process has held since the last restart; 0 where the system does not tell."""
    status, restarter = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not restarter.exists():
        return 0
    if restart:
        restarter.write_text("5")
    return int(re.findall(r"VmHWM:\s+(\d+)", status.read_text())[0])


def truncated(image_format: str) -> bytes:
    data = encoded(drawn(), image_format)
    return data[: len(data) // 2]


REFUSED: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"Dear colleague, please find the photo enclosed." * 20,
    "zeros": lambda: bytes(4096),
    "pdf": lambda: encoded(drawn(), "PDF"),
    "postscript": lambda: encoded(drawn(), "EPS"),
    "icon": lambda: encoded(drawn(), "ICO"),
    "measured values": lambda: encoded(Image.new("F", (80, 80)), "TIFF"),
    "8 x 8": lambda: encoded(drawn()[:8, :8], "PNG"),
    "one side of 63": lambda: encoded(drawn()[:63], "PNG"),
    **{f"half a {name}": lambda name=name: truncated(name) for name in ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF")},
    "bomb": lambda: png(50_000, 50_000, 8, 2, bytes(1000)),
    "too many bytes": lambda: encoded(drawn(), "PNG") + bytes(MAX_BYTES),
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
    assert read(encoded(drawn()[:64, :64], "PNG")).pixels.shape == (64, 64, 3)
    data = encoded(drawn(), "PNG")
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
    data = encoded(Image.new("L", (3_000, 3_000), 120), "JPEG", progressive=True)
    last_pass = data[data.rindex(b"\xff\xda") : -2]
    start = time.process_time()
    assert "layers" in refusal(data[:-2] + last_pass * 1_000 + data[-2:])
    assert time.process_time() - start < 0.5


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
    encoded(SMALL, "JPEG", exif=orientation(6), icc_profile=srgb_profile()),
    encoded(SMALL, "JPEG", progressive=True),
    encoded(SMALL, "PNG", exif=orientation(3), icc_profile=srgb_profile()),
    encoded(Image.fromarray(SMALL).quantize(16), "PNG"),
    encoded(SMALL, "WEBP"),
    encoded(SMALL, "TIFF", compression="tiff_lzw"),
    encoded(SMALL, "GIF"),
    encoded(SMALL, "BMP"),
    encoded(SMALL, "HEIF"),
    encoded(SMALL, "MPO", save_all=True, append_images=[Image.fromarray(SMALL)]),
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


def test_a_file_is_read_no_further_than_shows_that_it_is_too_large(tmp_path):
    huge = tmp_path / "film.jpg"
    with huge.open("wb") as file:
        file.truncate(10 * MAX_BYTES)
    data = photo_bytes(huge)
    assert len(data) == MAX_BYTES + 1
    with pytest.raises(PhotoError, match="larger than 20 MB"):
        read_photo(data, ImageType.CLINICAL)


def test_what_is_no_plain_file_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(FileNotFoundError):
            photo_bytes(path)
