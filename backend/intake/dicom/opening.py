"""From a file to its header and its pixel data, within bounds: nothing is decoded here."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import pydicom
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filebase import DicomFileLike
from pydicom.filereader import read_preamble
from pydicom.filewriter import write_file_meta_info

from backend.intake.dicom.failures import damaged_on_failure
from backend.intake.dicom.kinds import refuse_other_objects, refuse_without_pixels
from backend.intake.errors import Damaged, TooLarge, Unsupported
from backend.intake.limits import Limits

PIXELS: Final = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
_OFFSETS: Final = ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")
_MAX_READS: Final = 2_000_000  # two an element: more elements than any real header has
_STEP: Final = 1 << 20


@dataclass(frozen=True)
class Opened:
    """A file that was read but not decoded.

    Attributes:
        header: everything but the pixel data.
        pixels: the element with the pixel data, and tables of where its frames begin.
        keyword: of that element.
        syntax: how the pixel data are encoded.
    """

    header: pydicom.Dataset
    pixels: Dataset
    keyword: str
    syntax: uid.UID

    @property
    def big_endian(self) -> bool:
        """Whether numbers in bytes (OW) have their most significant byte first."""
        return self.syntax == uid.ExplicitVRBigEndian


def open_file(path: Path, limits: Limits) -> Opened:
    """Header and undecoded pixels.

    Raises:
        Unsupported: no DICOM, or DICOM without an image.
        TooLarge: a header beyond ``limits.max_header_bytes``, or content that inflates beyond all limits.
        Damaged: it cannot be parsed.
    """
    with damaged_on_failure("The DICOM file"), path.open("rb") as file:
        source = _inflated(file, limits)
        start = source.tell()
        header = pydicom.dcmread(_Bounded(source, limits.max_header_bytes), stop_before_pixels=True, force=True)
        refuse_other_objects(header)
        source.seek(start)
        pixels = pydicom.dcmread(source, force=True, specific_tags=[*PIXELS, *_OFFSETS])
        for keyword in _OFFSETS:
            if keyword in header:
                del header[keyword]
        keyword = _pixel_keyword(header, pixels)
        return Opened(header, pixels, keyword, _syntax(header, pixels, keyword))


class _Bounded(io.BufferedIOBase):
    """A file that ends with an error once a header has taken more than it may.

    pydicom keeps every element, however small, so that the number of reads is bounded as well.
    """

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file, self._left, self._reads = file, most, _MAX_READS

    def read(self, size: int | None = -1, /) -> bytes:
        found = self._file.read(self._left + 1 if size is None or size < 0 else min(size, self._left + 1))
        self._left -= len(found)
        self._reads -= 1
        if self._left < 0 or self._reads < 0:
            raise TooLarge("The DICOM header is far larger than that of an image; export the image on its own.")
        return found

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True


def _inflated(file: BinaryIO, limits: Limits) -> BinaryIO:
    """The file itself; a deflated one as if it had been written without compression."""
    if read_preamble(file, force=True) is None:
        file.seek(0)
        return file
    try:
        meta = pydicom.filereader._read_file_meta_info(file)  # noqa: SLF001 - the public one opens the path again
    except Exception:  # noqa: BLE001 - dcmread decides what that means
        file.seek(0)
        return file
    if meta.get("TransferSyntaxUID") != uid.DeflatedExplicitVRLittleEndian:
        file.seek(0)
        return file
    meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    plain = _header_of(meta)
    _inflate(file, plain, limits.max_header_bytes + 2 * limits.max_values)
    plain.seek(0)
    return plain


def _header_of(meta: FileMetaDataset) -> io.BytesIO:
    plain = io.BytesIO(b"\0" * 128 + b"DICM")
    plain.seek(0, io.SEEK_END)
    write_file_meta_info(DicomFileLike(plain), meta, enforce_standard=False)
    return plain


def _inflate(file: BinaryIO, plain: io.BytesIO, most: int) -> None:
    """In steps, so that a small file that inflates without end is noticed before it fills the memory."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    pending = file.read(_STEP)
    while pending and not inflater.eof:
        made = inflater.decompress(pending, _STEP)
        most -= plain.write(made)
        if most < 0:
            raise TooLarge("The deflated file holds far more than an image; export it uncompressed.")
        pending = inflater.unconsumed_tail or file.read(_STEP)
    plain.write(inflater.flush())


def _pixel_keyword(header: Dataset, pixels: Dataset) -> str:
    found = [keyword for keyword in PIXELS if keyword in pixels]
    if len(found) > 1:
        raise Damaged("The file has pixel data twice, in different types; export the image again.")
    if not found or not pixels[found[0]].value:
        refuse_without_pixels(header)
    return found[0]


def _syntax(header: pydicom.Dataset, pixels: Dataset, keyword: str) -> uid.UID:
    """As the file says, or as its header was found to be encoded where it does not say."""
    said = getattr(header, "file_meta", {}).get("TransferSyntaxUID")
    if said:
        return uid.UID(str(said))
    if pixels[keyword].is_undefined_length:
        raise Unsupported("The file does not say how its pixels are compressed; export it again, if possible "
                          "uncompressed.")  # fmt: skip
    implicit, little = pixels.original_encoding
    if not little:
        return uid.ExplicitVRBigEndian
    return uid.ImplicitVRLittleEndian if implicit else uid.ExplicitVRLittleEndian
