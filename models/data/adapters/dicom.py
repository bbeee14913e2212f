"""What an adapter needs from a DICOM header; pixels are left alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pydicom
from pydicom.filereader import read_file_meta_info
from pydicom.uid import DeflatedExplicitVRLittleEndian

from models.data.errors import DataError

_TAGS = ["PatientID", "ImageLaterality", "Laterality", "Rows", "Columns"]


@dataclass(frozen=True)
class DicomHeader:
    """The few attributes that labels hang on; "" and 0 where the file has none.

    Attributes:
        patient: Patient ID (0010,0020).
        laterality: "L" or "R", of the image (0020,0062), else of the series (0020,0060).
        rows: H.
        columns: W.
    """

    patient: str
    laterality: str
    rows: int
    columns: int


def read_header(path: Path) -> DicomHeader:
    """Reads the header up to the pixels.

    Raises:
        DataError: if the file is no DICOM, damaged, or deflated as a whole (a kilobyte of such a file can unpack to
            gigabytes, header included; neither set that is read here is).
    """
    try:
        syntax = read_file_meta_info(path).get("TransferSyntaxUID")
        if syntax == DeflatedExplicitVRLittleEndian:
            raise DataError(f"{path}: deflated DICOM is not read")
        header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=[*_TAGS])
        side = str(header.get("ImageLaterality") or header.get("Laterality") or "").strip().upper()
        return DicomHeader(
            patient=str(header.get("PatientID") or "").strip(),
            laterality=side[:1],
            rows=int(header.get("Rows") or 0),
            columns=int(header.get("Columns") or 0),
        )
    except DataError:
        raise
    except Exception as error:  # pydicom raises whatever a damaged file makes it trip over
        raise DataError(f"{path}: cannot be read as DICOM ({error!r})") from error
