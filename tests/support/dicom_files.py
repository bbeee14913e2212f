"""DICOM files made on the spot."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import Any

import jpeg_ls  # type: ignore[import-untyped]
import numpy as np
import pydicom
from openjpeg.utils import encode_array
from PIL import Image
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate

from backend.intake.limits import Limits

LIMITS = Limits(max_pixels=1_000_000, max_values=4_000_000, max_frames=50)
_VRS = {"SmallestImagePixelValue": "US", "PixelPaddingValue": "SS", "PixelPaddingRangeLimit": "SS"}


def dataset(pixels: np.ndarray, *, frames: int = 1, **elements: Any) -> pydicom.Dataset:
    """An image of these values: (H, W), (H, W, 3), or with frames in front. ``elements`` override the usual header.

    None leaves an element out.
    """
    shape = pixels.shape[1:] if frames > 1 else pixels.shape
    bits = 8 * pixels.dtype.itemsize
    made = pydicom.Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    usual: dict[str, Any] = {
        "SOPClassUID": uid.SecondaryCaptureImageStorage, "SOPInstanceUID": uid.generate_uid(entropy_srcs=["test"]),
        "Modality": "OT", "PatientID": "P1", "PatientName": "Doe^Jane",
        "Rows": shape[0], "Columns": shape[1], "SamplesPerPixel": 3 if len(shape) == 3 else 1,
        "PhotometricInterpretation": "RGB" if len(shape) == 3 else "MONOCHROME2",
        "BitsAllocated": bits, "BitsStored": bits, "HighBit": (elements.get("BitsStored") or bits) - 1,
        "PixelRepresentation": int(pixels.dtype.kind == "i"),
    }  # fmt: skip
    if len(shape) == 3:
        usual["PlanarConfiguration"] = 0
    if frames > 1:
        usual["NumberOfFrames"] = frames
    for keyword, value in {**usual, **elements}.items():
        if value is not None:
            _set(made, keyword, value)
    made.PixelData = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes() + b"\0" * (pixels.nbytes % 2)
    made["PixelData"].VR = "OB" if bits == 8 else "OW"
    return made


def save(made: pydicom.Dataset, path: Path, syntax: str = uid.ExplicitVRLittleEndian, **options: Any) -> Path:
    """As a file with preamble, in this uncompressed transfer syntax."""
    if syntax == uid.ExplicitVRBigEndian and made.BitsAllocated == 16:
        made.PixelData = np.frombuffer(made.PixelData, "<u2").astype(">u2").tobytes()
    made.file_meta.TransferSyntaxUID = uid.UID(syntax)
    made.save_as(path, enforce_file_format=options.pop("enforce_file_format", True), **options)
    return path


def save_encapsulated(made: pydicom.Dataset, frames: list[bytes], syntax: str, path: Path) -> Path:
    """With frames that are compressed already."""
    made.file_meta.TransferSyntaxUID = uid.UID(syntax)
    made.PixelData = encapsulate(frames)
    made["PixelData"].VR = "OB"
    made["PixelData"].is_undefined_length = True
    made.save_as(path, enforce_file_format=True, implicit_vr=False, little_endian=True)
    return path


def compressed(pixels: np.ndarray, syntax: str) -> bytes:
    """One frame, without loss, but for JPEG baseline."""
    if syntax == uid.JPEGLSLossless:
        return bytes(jpeg_ls.encode_array(pixels))
    if syntax == uid.JPEG2000Lossless:
        return bytes(encode_array(pixels, photometric_interpretation=1 if pixels.ndim == 3 else 2, use_mct=False))
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=95, subsampling=0)
    return stream.getvalue()


def deflated(made: pydicom.Dataset, path: Path, *, more: int = 0) -> Path:
    """Deflated, with ``more`` zeros at the end."""
    buffer = io.BytesIO()
    made.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    pydicom.dcmwrite(buffer, made, enforce_file_format=True)
    made.file_meta.TransferSyntaxUID = uid.DeflatedExplicitVRLittleEndian
    header = io.BytesIO()
    only_meta = pydicom.Dataset()
    only_meta.file_meta = made.file_meta
    only_meta.SOPClassUID, only_meta.SOPInstanceUID = made.SOPClassUID, made.SOPInstanceUID
    pydicom.dcmwrite(header, only_meta, enforce_file_format=True)
    length = 132 + 12 + int.from_bytes(header.getvalue()[140:144], "little")
    plain_length = 132 + 12 + int.from_bytes(buffer.getvalue()[140:144], "little")
    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflater.compress(buffer.getvalue()[plain_length:])
    for _ in range(more >> 20):
        body += deflater.compress(bytes(1 << 20))
    path.write_bytes(header.getvalue()[:length] + body + deflater.flush())
    return path


def item(**elements: Any) -> Dataset:
    """Of a sequence."""
    made = Dataset()
    for keyword, value in elements.items():
        _set(made, keyword, value)
    return made


def lut(entries: list[int], first: int, bits: int, **elements: Any) -> Dataset:
    """Item of a modality or VOI LUT sequence."""
    made = item(**elements)
    made.add_new("LUTDescriptor", "SS" if first < 0 else "US", [len(entries) % 65536, first, bits])
    made.add_new("LUTData", "US", entries)
    return made


def _set(made: Dataset, keyword: str, value: Any) -> None:
    if keyword in _VRS:
        made.add_new(keyword, "US" if made.get("PixelRepresentation") == 0 else "SS", value)
    else:
        setattr(made, keyword, value)
