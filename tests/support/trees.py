"""Makes tiny files in the layouts of published data sets."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid


def picture(path: Path, value: int = 0, size: tuple[int, int] = (6, 4)) -> Path:
    """A one-coloured picture of W × H pixels in the format of its suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (value % 256, value // 2 % 256, 7)).save(path)
    return path


def mask(path: Path, marked: bool = True, size: tuple[int, int] = (6, 4)) -> Path:
    """A mask of W × H pixels, its upper left pixel on the finding."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("L", size, 0)
    image.putpixel((0, 0), 255 if marked else 0)
    image.save(path)
    return path


def text(path: Path, *lines: str, newline: str = "\n", encoding: str = "utf-8") -> Path:
    """A text file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((newline.join(lines) + newline).encode(encoding))
    return path


def dicom(path: Path, patient: str = "P1", laterality: str = "", size: tuple[int, int] = (5, 8)) -> Path:
    """An uncompressed grey DICOM of H × W pixels."""
    path.parent.mkdir(parents=True, exist_ok=True)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = pydicom.uid.SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    data = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    data.PatientID = patient
    if laterality:
        data.ImageLaterality = laterality
    data.Rows, data.Columns = size
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 8, 8, 7, 0
    data.PixelData = np.arange(size[0] * size[1], dtype=np.uint8).tobytes()
    data.save_as(path, enforce_file_format=True)
    return path


def python2_pickle(content: dict[str, object]) -> bytes:
    """The content as Python 2 pickled it (protocol 2), which is how CIFAR was published.

    Takes texts, whole numbers, lists of them, and (N, M) arrays of bytes.
    """
    return b"\x80\x02}(" + b"".join(_python2(key) + _python2(value) for key, value in content.items()) + b"u."


def _python2(value: object) -> bytes:
    if isinstance(value, str):
        return b"U" + bytes([len(value)]) + value.encode("latin1")
    if isinstance(value, int):
        return b"J" + struct.pack("<i", value)
    if isinstance(value, list):
        return b"](" + b"".join(_python2(item) for item in value) + b"e"
    if isinstance(value, np.ndarray):
        return _python2_array(value)
    raise TypeError(type(value))


def _python2_array(array: NDArray[np.uint8]) -> bytes:
    empty = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
    kind = b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    shape = b"".join(_python2(int(length)) for length in array.shape) + b"\x86"
    raw = array.tobytes()
    return empty + b"(K\x01" + shape + kind + b"\x89T" + struct.pack("<i", len(raw)) + raw + b"tb"


def table(path: Path, header: Iterable[str], *rows: Iterable[object]) -> Path:
    """A CSV file."""
    return text(path, *(",".join(map(str, row)) for row in (header, *rows)))
