"""Frames, decoded one at a time, each with the decoder that is chosen for its transfer syntax."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import generate_frames
from pydicom.pixels.decoders.base import get_decoder

from backend.intake.dicom import openjpeg_plugin
from backend.intake.dicom.codestreams import check_codestream
from backend.intake.dicom.failures import damaged_on_failure
from backend.intake.dicom.kinds import refuse_syntax
from backend.intake.dicom.layout import Layout
from backend.intake.dicom.opening import Opened
from backend.intake.errors import Damaged, Unsupported

Frame = npt.NDArray[Any]
# GDCM, whose crashes take the process with it, only for what nothing else reads.
_PLUGINS: Final = {
    uid.ImplicitVRLittleEndian: "", uid.ExplicitVRLittleEndian: "", uid.ExplicitVRBigEndian: "",
    uid.RLELossless: "pydicom",
    uid.JPEGBaseline8Bit: "pillow", uid.JPEGExtended12Bit: "pillow",
    uid.JPEGLossless: "gdcm", uid.JPEGLosslessSV1: "gdcm",
    uid.JPEGLSLossless: "pyjpegls", uid.JPEGLSNearLossless: "pyjpegls",
    **dict.fromkeys(openjpeg_plugin.SYNTAXES, openjpeg_plugin.NAME),
}  # fmt: skip

_STRIP: Final = 1 << 20  # pixels

openjpeg_plugin.register()


class Frames:
    """Decoded frames of a file: grey (H, W) as stored, or red, green and blue (H, W, 3).

    Going through them in order decodes each once; asking for another one begins anew at that frame.
    """

    def __init__(self, opened: Opened, layout: Layout) -> None:
        self._layout = layout
        self._syntax = opened.syntax
        self._plugin = _plugin(opened.syntax, layout)
        self._source = _source(opened, layout)
        self._next = 0
        self._sequence: Iterator[tuple[Frame, dict[str, str | int]]] | None = None
        if opened.syntax.is_encapsulated:
            self._check_codestreams()

    def __getitem__(self, index: int) -> Frame:
        if not 0 <= index < self._layout.frames:
            raise IndexError(f"frame must be from 0 to {self._layout.frames - 1}; got {index}")
        with damaged_on_failure(f"Frame {index + 1} of the image"):
            return self._checked(*self._decoded(index))

    def _decoded(self, index: int) -> tuple[Frame, dict[str, str | int]]:
        if self._sequence is None or index != self._next:
            everything = index == 0 and self._syntax.is_encapsulated
            self._sequence = get_decoder(self._syntax).iter_array(
                self._source,
                indices=None if everything else range(index, self._layout.frames),
                decoding_plugin=self._plugin,
                allow_excess_frames=False,
                as_rgb=False,
            )
        decoded = next(self._sequence, None)
        self._next = index + 1
        if decoded is None:
            raise Damaged(
                f"The header promises {self._layout.frames} frames, but the file has {index}. Export it again."
            )
        return decoded

    def _checked(self, values: Frame, properties: dict[str, str | int]) -> Frame:
        layout = self._layout
        expected = (layout.rows, layout.columns) + ((3,) if layout.samples == 3 else ())
        if values.shape != expected:
            raise Damaged(f"A frame has the shape {values.shape}, but the header promises {expected}; export it again.")
        if layout.samples == 3:
            colours = _to_8_bits(values, int(properties.get("bits_stored", layout.bits_stored)))
            chrominance = str(properties["photometric_interpretation"]).startswith("YBR_FULL")
            return _to_rgb(colours) if chrominance else colours
        if layout.shift:
            values = values >> layout.shift
        return values

    def _check_codestreams(self) -> None:
        with damaged_on_failure("The compressed pixel data"):
            frames = generate_frames(
                self._source.PixelData,
                number_of_frames=self._layout.frames,
                extended_offsets=_offsets(self._source),
            )
            for _, encoded in zip(range(self._layout.frames), frames, strict=False):
                check_codestream(encoded, self._layout, self._syntax)


def check_syntax(syntax: uid.UID) -> None:
    """Raises Unsupported: no decoder here reads this transfer syntax."""
    if syntax not in _PLUGINS:
        refuse_syntax(syntax)


def _plugin(syntax: uid.UID, layout: Layout) -> str:
    if syntax == uid.JPEGExtended12Bit and layout.bits_stored > 8:
        raise Unsupported("JPEG with 12 bits is not supported; export the image uncompressed or as JPEG 2000.")
    if syntax.is_encapsulated and (layout.floating or layout.bits_allocated == 1):
        raise Unsupported("Compressed pixels of this type are not supported; export the image uncompressed.")
    return _PLUGINS[syntax]


def _source(opened: Opened, layout: Layout) -> Dataset:
    """What pydicom's decoder needs and nothing more: checked numbers instead of the header's own."""
    source = Dataset()
    source.file_meta = FileMetaDataset()
    source.file_meta.TransferSyntaxUID = opened.syntax
    source.Rows, source.Columns, source.NumberOfFrames = layout.rows, layout.columns, layout.frames
    source.SamplesPerPixel, source.PhotometricInterpretation = layout.samples, layout.photometric
    source.PlanarConfiguration = layout.planar if layout.samples == 3 and layout.planar in (0, 1) else 0
    source.BitsAllocated, source.PixelRepresentation = layout.bits_allocated, int(layout.signed)
    source.BitsStored = layout.bits_stored + layout.shift
    source.HighBit = source.BitsStored - 1
    for element in opened.pixels:
        source.add(element)
    return source


def _offsets(source: Dataset) -> tuple[bytes, bytes] | None:
    if "ExtendedOffsetTable" in source and "ExtendedOffsetTableLengths" in source:
        return source.ExtendedOffsetTable, source.ExtendedOffsetTableLengths
    return None


def _to_rgb(values: Frame) -> Frame:
    """From luminance and chrominance of the full range (PS3.3 C.7.6.3.1.2), in strips to save memory."""
    made = np.empty(values.shape, np.uint8)
    width = values.shape[1]
    rows = max(1, _STRIP // width)
    for top in range(0, len(values), rows):
        strip = values[top : top + rows]
        picture = Image.frombytes("YCbCr", (width, len(strip)), strip.tobytes())
        made[top : top + rows] = np.asarray(picture.convert("RGB"))
    return made


def _to_8_bits(values: Frame, bits: int) -> Frame:
    if bits > 8:
        values = values >> (bits - 8)
    return values if values.dtype == np.uint8 else values.astype(np.uint8)
