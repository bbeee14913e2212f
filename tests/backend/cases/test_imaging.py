"""Formats and pixel modes to upright RGB."""

from __future__ import annotations

import io
import struct
import time
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from backend.cases import imaging
from backend.cases.errors import DamagedImage, ImageTooLarge, UnsupportedImage
from backend.cases.imaging import Picture, read_image
from backend.cases.schemas import SourceFormat
from tests.support.images import encoded, gradient, png_header

# Pillow remarks on the damage that these files are made to have.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
LIMIT = 1_000_000


def pixels(picture: Picture) -> np.ndarray:
    assert picture.image.mode == "RGB"
    return np.asarray(picture.image).astype(int)


LOSSLESS = [
    ("PNG", SourceFormat.PNG, {}),
    ("TIFF", SourceFormat.TIFF, {}),
    ("TIFF", SourceFormat.TIFF, {"compression": "tiff_lzw"}),
    ("TIFF", SourceFormat.TIFF, {"compression": "tiff_deflate"}),
    ("WEBP", SourceFormat.WEBP, {"lossless": True}),
    ("BMP", SourceFormat.BMP, {}),
]


@pytest.mark.parametrize(("name", "expected", "options"), LOSSLESS)
def test_lossless_formats_keep_every_pixel(name: str, expected: SourceFormat, options: dict[str, Any]) -> None:
    picture = read_image(encoded(gradient(), name, **options), LIMIT)
    assert picture.source_format is expected
    assert picture.frames == 1
    assert np.array_equal(pixels(picture), np.asarray(gradient()))


@pytest.mark.parametrize("options", [{"quality": 95}, {"progressive": True, "quality": 95}])
def test_jpeg(options: dict[str, Any]) -> None:
    picture = read_image(encoded(gradient(), "JPEG", **options), LIMIT)
    assert picture.source_format is SourceFormat.JPEG
    assert np.abs(pixels(picture) - np.asarray(gradient())).mean() < 6


def test_cmyk_jpeg() -> None:
    picture = read_image(encoded(gradient().convert("CMYK"), "JPEG", quality=95), LIMIT)
    assert np.abs(pixels(picture) - np.asarray(gradient())).mean() < 12


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA"])
def test_png_modes(mode: str) -> None:
    source = gradient().convert(mode)
    picture = read_image(encoded(source, "PNG"), LIMIT)
    assert np.array_equal(pixels(picture), np.asarray(source.convert("RGB")))


def test_transparent_pixels_become_black() -> None:
    source = gradient().convert("RGBA")
    source.putalpha(Image.linear_gradient("L").resize(source.size))
    found = pixels(read_image(encoded(source, "PNG"), LIMIT))
    assert found[0].max() < 12  # transparent at the top
    assert np.abs(found[-1] - np.asarray(gradient())[-1]).max() < 8


def test_palette_with_a_transparent_colour() -> None:
    source = Image.new("P", (4, 4), 1)
    source.putpalette([255, 0, 0, 0, 255, 0])
    source.putpixel((0, 0), 0)
    found = pixels(read_image(encoded(source, "PNG", transparency=0), LIMIT))
    assert found[0, 0].tolist() == [0, 0, 0]
    assert found[1, 1].tolist() == [0, 255, 0]


def grey16(top: int) -> Image.Image:
    return Image.fromarray(np.linspace(0, top, 64 * 4).reshape(4, 64).astype(np.uint16))


@pytest.mark.parametrize("name", ["PNG", "TIFF"])
def test_16_bits_are_scaled_not_wrapped(name: str) -> None:
    found = pixels(read_image(encoded(grey16(65535), name), LIMIT))[..., 0]
    assert np.all(np.diff(found.reshape(-1)) >= 0)
    assert found[0, 0] == 0
    assert found[-1, -1] == 255
    assert abs(int(found[2, 0]) - 128) < 3


def test_12_bits_in_16_use_the_whole_range() -> None:
    found = pixels(read_image(encoded(grey16(4095), "PNG"), LIMIT))[..., 0]
    assert (found.min(), found.max()) == (0, 255)


def test_8_bits_in_16_stay_what_they_are() -> None:
    found = pixels(read_image(encoded(grey16(255), "PNG"), LIMIT))[..., 0]
    assert np.array_equal(found, np.asarray(grey16(255)))


@pytest.mark.parametrize("level", [0, 40, 30000])
def test_16_bit_images_of_one_grey(level: int) -> None:
    source = Image.fromarray(np.full((4, 4), level, np.uint16))
    assert len(np.unique(pixels(read_image(encoded(source, "PNG"), LIMIT)))) == 1


@pytest.mark.parametrize("values", [np.linspace(0, 1, 16), np.linspace(-3, 9, 16), np.array([np.nan, np.inf] * 8)])
def test_floating_point_tiff(values: np.ndarray) -> None:
    source = Image.fromarray(values.reshape(4, 4).astype(np.float32))
    found = pixels(read_image(encoded(source, "TIFF"), LIMIT))
    if np.isfinite(values).all():
        assert (found.min(), found.max()) == (0, 255)


def test_32_bit_tiff() -> None:
    source = Image.fromarray(np.linspace(0, 65535, 16).reshape(4, 4).astype(np.int32))
    found = pixels(read_image(encoded(source, "TIFF"), LIMIT))
    assert (found.min(), found.max()) == (0, 255)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:

    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(gradient(), "JPEG", quality=95, exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    picture = read_image(content, LIMIT)
    assert picture.image.size == upright.size == ((32, 48) if orientation >= 5 else (48, 32))
    assert np.array_equal(pixels(picture), np.asarray(upright))


def test_unreadable_exif_does_no_harm() -> None:
    content = encoded(gradient(), "JPEG", quality=95, exif=b"Exif\0\0MM\0*\xff\xff\xff\xff garbage")
    assert read_image(content, LIMIT).image.size == (48, 32)


def test_metadata_is_dropped() -> None:

    info = PngInfo()
    info.add_text("Patient", "Jane Doe")
    exif = Image.Exif()
    exif[0x010E] = "Jane Doe"
    content = encoded(gradient(), "PNG", pnginfo=info, exif=exif, icc_profile=b"Jane Doe profile")
    assert b"Jane Doe" in content
    picture = read_image(content, LIMIT)
    assert picture.image.info == {}
    for stored in (imaging.encode_png(picture.image), imaging.encode_thumbnail(picture.image)):
        assert b"Jane" not in stored


def animated(name: str) -> bytes:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "green", "blue")]
    return encoded(
        frames[0], name, save_all=True, append_images=frames[1:], **({"lossless": True} if name == "WEBP" else {})
    )


@pytest.mark.parametrize("name", ["WEBP", "PNG", "TIFF"])
def test_first_frame_of_several(name: str) -> None:
    picture = read_image(animated(name), LIMIT)
    assert picture.frames == 3
    assert pixels(picture)[5, 5].tolist() == [255, 0, 0]


def test_stereo_jpeg_is_a_jpeg() -> None:
    content = encoded(gradient(), "MPO", save_all=True, append_images=[gradient()])
    picture = read_image(content, LIMIT)
    assert (picture.source_format, picture.frames) == (SourceFormat.JPEG, 2)


def test_gif_is_not_accepted() -> None:
    with pytest.raises(UnsupportedImage):
        read_image(animated("GIF"), LIMIT)


FOREIGN = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<html><body>hello</body></html>",
    "zip": b"PK\x03\x04" + b"\0" * 100,
    "pdf": b"%PDF-1.7\n",
    "dicom": b"\0" * 128 + b"DICM" + b"\0" * 100,
    "text": b"hello world",
    "nul": b"\0" * 1000,
    "gif": b"GIF89a" + b"\0" * 20,
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "one byte": b"x",
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_other_content_is_refused_with_what_is_accepted(content: bytes) -> None:
    with pytest.raises(UnsupportedImage, match="PNG, JPEG, TIFF, WebP and BMP"):
        read_image(content, LIMIT)


def test_empty_file() -> None:
    with pytest.raises(DamagedImage, match="empty"):
        read_image(b"", LIMIT)


@pytest.mark.parametrize("name", ["PNG", "JPEG", "TIFF", "WEBP", "BMP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7])
def test_truncated(name: str, share: float) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (60, 80, 3)).astype(np.uint8))
    content = encoded(noise, name)
    with pytest.raises((DamagedImage, UnsupportedImage)):
        read_image(content[: int(len(content) * share)], LIMIT)


@pytest.mark.parametrize("size", [(1001, 1000), (100_000, 100_000), (2**31 - 1, 2**31 - 1), (40_000, 2)])
def test_too_many_pixels_are_known_from_the_header(size: tuple[int, int]) -> None:
    start = time.process_time()
    with pytest.raises(ImageTooLarge, match="million"):
        read_image(png_header(*size), LIMIT)
    assert time.process_time() - start < 5  # far from the minutes and gigabytes of decoding it


def test_no_pixels() -> None:
    with pytest.raises((DamagedImage, UnsupportedImage)):
        read_image(png_header(0, 0), LIMIT)


def test_pixels_of_the_limit_are_accepted() -> None:
    assert read_image(encoded(Image.new("L", (100, 100)), "PNG"), 10_000).image.size == (100, 100)
    with pytest.raises(ImageTooLarge):
        read_image(encoded(Image.new("L", (100, 101)), "PNG"), 10_000)


def tiff_of_many_frames(count: int) -> bytes:
    """Frames of one pixel each, as small as they can be."""
    out = bytearray(b"II*\0" + struct.pack("<I", 8))
    for number in range(count):
        tags = [(256, 1), (257, 1), (258, 8), (262, 1), (273, 0), (279, 1)]
        size = 2 + 12 * len(tags) + 4
        following = len(out) + size if number + 1 < count else 0
        out += struct.pack("<H", len(tags))
        for tag, value in tags:
            out += struct.pack("<HHIHH", tag, 3, 1, value, 0)
        out += struct.pack("<I", following)
    return bytes(out)


def test_many_frames_are_not_counted_for_ever() -> None:
    assert read_image(tiff_of_many_frames(50), LIMIT).frames == 50
    with pytest.raises(ImageTooLarge, match="frames"):
        read_image(tiff_of_many_frames(100_000), LIMIT)


def test_frames_in_a_circle() -> None:
    content = bytearray(tiff_of_many_frames(2))
    content[-4:] = struct.pack("<I", 8)  # the last one points to the first
    with suppress(DamagedImage, ImageTooLarge):
        assert read_image(bytes(content), LIMIT).frames <= imaging.MAX_FRAMES


@pytest.mark.parametrize("size", [(1000, 10), (10, 1000), (3000, 1), (64, 64)])
def test_thumbnails_of_any_shape(size: tuple[int, int]) -> None:
    thumbnail = imaging.encode_thumbnail(Image.new("RGB", size, "red"))
    smaller = Image.open(io.BytesIO(imaging.shrink(thumbnail, 32)))
    assert max(smaller.size) == 32
    assert min(smaller.size) >= 1


SAMPLES = [encoded(gradient(), name) for name in ("PNG", "JPEG", "TIFF", "WEBP", "BMP")] + [
    encoded(gradient(), "TIFF", compression="tiff_lzw"),
    encoded(gradient().convert("P"), "PNG"),
    encoded(grey16(65535), "PNG"),
    animated("WEBP"),
    animated("PNG"),
]


@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_give_a_picture_or_a_reason(content: bytes, changes: list[tuple[int, bytes]]) -> None:
    broken = bytearray(content)
    for place, patch in changes:
        start = place % len(broken)
        broken[start : start + len(patch)] = patch
    try:
        picture = read_image(bytes(broken), LIMIT)
    except (DamagedImage, UnsupportedImage, ImageTooLarge):
        return
    assert picture.image.width * picture.image.height <= LIMIT
