"""DICOM objects that are no images: each with a sentence that says what to use instead."""

from __future__ import annotations

from typing import Final, NoReturn

from pydicom import uid
from pydicom.dataset import Dataset

from backend.intake.dicom.elements import raw, text
from backend.intake.errors import Damaged, Unsupported

_STORAGE: Final = "1.2.840.10008.5.1.4.1.1"
_RT_IMAGE: Final = f"{_STORAGE}.481.1"
# The beginning of the SOP class, and the sentence.
_REFUSED: Final = (
    ("1.2.840.10008.1.3.10", "This is a DICOMDIR, the table of contents of a medium; upload the images that it lists."),
    (f"{_STORAGE}.88.", "This is a DICOM structured report, without pixels; upload the images that it refers to."),
    (
        f"{_STORAGE}.481.",
        "This is an object of radiotherapy (plan, structures or dose); upload the images it belongs to.",
    ),
    (f"{_STORAGE}.104.", "This DICOM file holds a document (such as PDF), not an image; save its pages as PNG."),
    (f"{_STORAGE}.9.", "This is a DICOM waveform (such as an ECG), not an image; save the drawn curves as PNG."),
    (f"{_STORAGE}.77.1.6", "This is a whole slide; export the region to look at as TIFF or PNG, such as with QuPath."),
    (f"{_STORAGE}.11.", "This is a DICOM presentation state, without pixels; upload the images that it refers to."),
    (f"{_STORAGE}.67", "This DICOM file maps values of other images, without pixels; upload those images."),
    (f"{_STORAGE}.66.5", "This is a surface segmentation, without pixels; upload the images that it belongs to."),
    (f"{_STORAGE}.68.", "This is a surface scan, without pixels; upload photographs as DICOM, PNG or JPEG."),
)
_USUAL: Final = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "Modality", "PatientID")
_VIDEO: Final = "1.2.840.10008.1.2.4.10"  # MPEG-2, MPEG-4 and HEVC: .100 to .108
_VIDEO_SENTENCE: Final = ("This DICOM file holds compressed video; export the frames to look at as images, for example "
                          "with ffmpeg, or as uncompressed multi-frame DICOM.")  # fmt: skip


def refuse_other_objects(header: Dataset) -> None:
    """By the SOP class.

    Raises:
        Unsupported: an object that is never an image.
    """
    kind = text(header, "SOPClassUID") or _meta(header, "MediaStorageSOPClassUID")
    if "DirectoryRecordSequence" in header:
        raise Unsupported(_REFUSED[0][1])
    for beginning, sentence in _REFUSED:
        if kind.startswith(beginning) and kind != _RT_IMAGE:
            raise Unsupported(sentence)


def refuse_syntax(syntax: uid.UID) -> NoReturn:
    """Of a transfer syntax that no decoder here reads."""
    if syntax.startswith(_VIDEO):
        raise Unsupported(_VIDEO_SENTENCE)
    named = f"{syntax.name[:80]}" if syntax.name != syntax else "unknown"
    raise Unsupported(f"The pixels are encoded in a way that is not supported ({named}); export the image uncompressed "
                      "or as JPEG 2000.")  # fmt: skip


def refuse_without_pixels(header: Dataset) -> NoReturn:
    """Raises Damaged: an image that was cut off before its pixels; else Unsupported."""
    if raw(header, "Rows") is not None and raw(header, "BitsAllocated") is not None:
        raise Damaged("The DICOM file has the header of an image but no pixels: it was cut off, or they were left out. "
                      "Export it again.")  # fmt: skip
    if getattr(header, "preamble", None) is None and not any(raw(header, keyword) for keyword in _USUAL):
        raise Unsupported  # read as if it were DICOM, since very old files do not say that they are
    kind = uid.UID(text(header, "SOPClassUID"))
    named = f" ({kind.name[:80]})" if kind and kind.name != kind else ""
    raise Unsupported(f"This DICOM file{named} holds no pixels; upload the image that it belongs to.")


def _meta(header: Dataset, keyword: str) -> str:
    return str(getattr(header, "file_meta", {}).get(keyword, ""))
