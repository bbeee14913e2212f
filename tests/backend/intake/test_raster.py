"""Formats and pixel modes to upright pixels and values."""

from __future__ import annotations

import io
import struct
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from backend.intake.display import Display
from backend.intake.encoding import encode_png, encode_thumbnail, shrink
from backend.intake.errors import Damaged, IntakeError, TooLarge, Unsupported
from backend.intake.kinds import HEAD_BYTES, kind_of
from backend.intake.limits import MAX_FRAMES, Limits
from backend.intake.raster import open_raster
from backend.intake.render import render
from backend.intake.result import SourceFormat
from tests.support.images import encoded, gradient, png_header

# Pillow remarks on the damage that these files are made to have.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
LIMIT = 1_000_000


class Picture(NamedTuple):
    """All of a file."""

    image: Image.Image
    source_format: SourceFormat
    frames: int
    blocks: list[str]
    values: list[np.ndarray[Any, Any]]
    display: Display | None


def read_image(content: bytes, max_pixels: int = LIMIT, max_values: int = 10**8) -> Picture:
    kind = kind_of(content[:HEAD_BYTES])
    if kind is SourceFormat.DICOM:  # damage can make it look so; another reader's
        raise Unsupported
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return _read(Path(file.name), kind, Limits(max_pixels=max_pixels, max_values=max_values))


def _read(path: Path, kind: SourceFormat, limits: Limits) -> Picture:
    with open_raster(path, kind, limits) as opened:
        if not opened.values_kept:
            return Picture(opened.picture(), kind, opened.frames, opened.blocks, [], None)
        values = [opened.frame(index) for index in range(opened.frames)]
        display = opened.finish()
        shown = Image.fromarray(render(values[0], display, opened.rendering))
        return Picture(shown, kind, opened.frames, opened.blocks, values, display)


def pixels(picture: Picture) -> np.ndarray:
    return np.asarray(picture.image.convert("RGB")).astype(int)


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
    for stored in (encode_png(picture.image), encode_thumbnail(picture.image.convert("RGB"))):
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
    # The second one is a preview or a depth map: no page.
    assert (picture.source_format, picture.frames) == (SourceFormat.JPEG, 1)


@pytest.mark.parametrize("name", ["PNG", "JPEG", "TIFF", "WEBP", "BMP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7])
def test_truncated(name: str, share: float) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (60, 80, 3)).astype(np.uint8))
    content = encoded(noise, name)
    with pytest.raises((Damaged, Unsupported)):
        read_image(content[: int(len(content) * share)], LIMIT)


@pytest.mark.parametrize("size", [(1001, 1000), (100_000, 100_000), (2**31 - 1, 2**31 - 1), (40_000, 2)])
def test_too_many_pixels_are_known_from_the_header(size: tuple[int, int]) -> None:
    with pytest.raises(TooLarge, match="million"):
        read_image(png_header(*size), LIMIT)


def test_no_pixels() -> None:
    with pytest.raises((Damaged, Unsupported)):
        read_image(png_header(0, 0), LIMIT)


def test_pixels_of_the_limit_are_accepted() -> None:
    assert read_image(encoded(Image.new("L", (100, 100)), "PNG"), 10_000).image.size == (100, 100)
    with pytest.raises(TooLarge):
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
    with pytest.raises(TooLarge, match="frames"):
        read_image(tiff_of_many_frames(100_000), LIMIT)


def test_frames_in_a_circle() -> None:
    content = bytearray(tiff_of_many_frames(2))
    content[-4:] = struct.pack("<I", 8)  # the last one points to the first
    with suppress(Damaged, TooLarge):
        assert read_image(bytes(content), LIMIT).frames <= MAX_FRAMES


@pytest.mark.parametrize("size", [(1000, 10), (10, 1000), (3000, 1), (64, 64)])
def test_thumbnails_of_any_shape(size: tuple[int, int]) -> None:
    thumbnail = encode_thumbnail(Image.new("RGB", size, "red"))
    smaller = Image.open(io.BytesIO(shrink(thumbnail, 32)))
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
    except IntakeError:
        return
    assert picture.image.width * picture.image.height <= LIMIT


def test_16_bits_are_kept_as_they_are() -> None:
    for name in ("PNG", "TIFF"):
        picture = read_image(encoded(grey16(4095), name))
        assert picture.values[0].dtype == np.uint16
        assert np.array_equal(picture.values[0], np.asarray(grey16(4095)))
        assert (picture.display.lowest, picture.display.highest) == (0, 4095)


def test_signed_values_are_kept_as_they_are() -> None:
    source = np.linspace(-1000, 2000, 64).reshape(8, 8).astype(np.int32)
    picture = read_image(encoded(Image.fromarray(source), "TIFF"))
    assert picture.display.signed
    assert np.array_equal(picture.values[0], source)


@pytest.mark.parametrize("top", [1.0, 3e-5, 7e8])
def test_fractions_keep_what_they_mean(top: float) -> None:
    source = (np.linspace(-0.3, 1.0, 64).reshape(8, 8) * top).astype(np.float32)
    picture = read_image(encoded(Image.fromarray(source), "TIFF"))
    display = picture.display
    meant = picture.values[0] * display.slope + display.intercept
    assert np.abs(meant - source).max() <= 1.3 * top / 65535
    assert display.lowest == pytest.approx(float(source.min()))
    assert display.highest == pytest.approx(float(source.max()))


@pytest.mark.parametrize("top", [65535, 4095])
def test_jpeg_2000_of_16_bits(top: int) -> None:
    source = np.asarray(grey16(top))
    picture = read_image(encoded(Image.fromarray(source), "JPEG2000"))
    assert (picture.source_format, picture.frames) == (SourceFormat.JPEG2000, 1)
    assert np.array_equal(picture.values[0], source)


@pytest.mark.parametrize("options", [{}, {"no_jp2": True}])
def test_jpeg_2000_of_8_bits(options: dict[str, Any]) -> None:
    assert np.array_equal(pixels(read_image(encoded(gradient(), "JPEG2000", **options))), np.asarray(gradient()))


def test_pages_are_values() -> None:
    picture = read_image(animated("TIFF"))
    assert [values[0, 0].tolist() for values in picture.values] == [[255, 0, 0], [0, 128, 0], [0, 0, 255]]
    assert (picture.display.bytes_per_value, picture.display.windows) == (1, [])


def test_pages_of_16_bits_share_one_scale() -> None:
    pages = [Image.fromarray(np.full((4, 4), level, np.float32)) for level in (0.5, 2.5, 10.25)]
    picture = read_image(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    meant = [float(values[0, 0]) * picture.display.slope + picture.display.intercept for values in picture.values]
    assert meant == pytest.approx([0.5, 2.5, 10.25], abs=2e-4)


def test_pages_of_8_bits_are_shown_as_they_are() -> None:
    pages = [Image.new("L", (4, 4), level) for level in (40, 90)]
    picture = read_image(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    assert pixels(picture)[0, 0].tolist() == [40, 40, 40]


def test_pages_of_different_sizes_are_refused() -> None:
    content = encoded(Image.new("L", (8, 8)), "TIFF", save_all=True, append_images=[Image.new("L", (9, 8))])
    with pytest.raises(Unsupported, match="different sizes"):
        read_image(content)


def test_a_smaller_copy_is_no_page() -> None:
    small = Image.new("RGB", (10, 5))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    stream = io.BytesIO()
    gradient().save(stream, "TIFF", save_all=True, append_images=[small])
    picture = read_image(stream.getvalue())
    assert (picture.frames, picture.image.size) == (1, (48, 32))


def test_all_pages_together_are_bounded() -> None:
    with pytest.raises(TooLarge, match="together"):
        read_image(animated("TIFF"), max_values=3 * 20 * 10 * 3 - 1)
    assert read_image(animated("TIFF"), max_values=3 * 20 * 10 * 3).frames == 3


@pytest.mark.parametrize("name", ["WEBP", "PNG"])
def test_films_say_how_fast(name: str) -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "green")]
    picture = read_image(encoded(frames[0], name, save_all=True, append_images=frames[1:], duration=80))
    assert picture.display.frame_ms == 80


def test_what_is_dropped_is_named() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Jane Doe"
    content = encoded(gradient(), "JPEG", exif=exif, icc_profile=b"Jane Doe", comment=b"Jane Doe", xmp=b"<Jane/>")
    assert read_image(content).blocks == ["Comment", "EXIF", "ICC profile", "XMP"]
    described = read_image(encoded(gradient(), "TIFF", tiffinfo={270: "Jane Doe", 306: "2024:01:02 03:04:05"}))
    assert described.blocks == ["DateTime", "ImageDescription"]


def test_whole_slides_are_named() -> None:
    content = encoded(gradient(), "TIFF", tiffinfo={270: "Aperio Image Library v12"})
    with pytest.raises(Unsupported, match="QuPath"):
        read_image(content)


def test_lossless_jpeg_is_named() -> None:
    content = encoded(gradient(), "JPEG").replace(b"\xff\xc0", b"\xff\xc3", 1)
    with pytest.raises(Unsupported, match="lossless"):
        read_image(content)


def test_only_the_decoder_of_the_content_sees_a_file() -> None:
    appended = encoded(gradient(), "PNG") + encoded(Image.new("RGB", (5, 5)), "JPEG") + b"PK\x03\x04"
    picture = read_image(appended)
    assert (picture.source_format, picture.image.size) == (SourceFormat.PNG, (48, 32))
