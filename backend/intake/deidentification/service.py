"""De-identification of what comes in: DICOM PS3.15 Annex E, Basic Application Level Confidentiality Profile.

With the option Retain Longitudinal Temporal Information with Modified Dates; other options add nothing here. It is
stricter than the profile where the standard would keep text that may be written by hand: see `profile.TEXTS`.
"""

from __future__ import annotations

import json
import re
import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from pydicom import Dataset
from pydicom import config as pydicom_config
from pydicom.sequence import Sequence as DicomSequence

from backend.intake.deidentification.cleaning import Cleaner
from backend.intake.deidentification.keys import keys_of
from backend.intake.deidentification.profile import PROFILE
from backend.intake.deidentification.secret import LENGTH, SecretUnusable, site_secret
from backend.intake.deidentification.shown import without_patient
from backend.intake.deidentification.suspicion import suspects
from backend.intake.deidentification.words import Words
from backend.intake.result import ChangedElement, Code, Deidentification, ElementAction

__all__ = [
    "Cleaned",
    "SecretUnusable",
    "deidentify",
    "header_json",
    "header_with_cleaned_pixels",
    "picture_report",
    "site_secret",
    "suspects",
    "with_cleaned_pixels",
    "without_patient",
]

# DICOM PS3.16 CID 7050.
BASIC_PROFILE = Code(value="113100", meaning="Basic Application Confidentiality Profile")
CLEANED_PIXELS = Code(value="113101", meaning="Clean Pixel Data Option")
MODIFIED_DATES = Code(value="113107", meaning="Retain Longitudinal Temporal Information Modified Dates Option")
PICTURE = "Only the pixels were kept: every other block of the file was left out"
# What is not here has the name of a TIFF tag, as the standard of TIFF calls it.
_BLOCKS = {
    "exif": ("EXIF", "EXIF: camera, time, place"),
    "gps": ("GPS", "Place, in EXIF"),
    "xmp": ("XMP", "XMP: description by an editor"),
    "iptc": ("IPTC", "IPTC: caption and author"),
    "icc": ("ICC", "ICC colour profile"),
    "comment": ("Comment", "Comment"),
    "text": ("Text", "Text chunks"),
    "thumbnail": ("Thumbnail", "Embedded thumbnail"),
    "photoshop": ("Photoshop", "Photoshop resources"),
    "private": ("Private tags", "TIFF tags of manufacturers"),
}
_OTHER_BLOCK = ("Other", "Other blocks")
_TAG_NAME = re.compile(r"[A-Za-z0-9]{1,40}", re.ASCII)


class Cleaned(NamedTuple):
    """A de-identified header, what was changed, and who the patient is to this site."""

    dataset: Dataset
    report: Deidentification
    pseudonym: str | None


def deidentify(dataset: Dataset, secret: bytes) -> Cleaned:
    """A new dataset without pixels and file meta; the given one stays as it is. Never raises for what a file says."""
    if len(secret) != LENGTH:
        raise ValueError(f"The site's secret must have {LENGTH} bytes, not {len(secret)}.")
    # pydicom's warnings quote values.
    with warnings.catch_warnings(), pydicom_config.disable_value_validation():
        warnings.simplefilter("ignore")
        keys = keys_of(dataset, secret)
        cleaner = Cleaner(dataset, keys, Words(dataset))
        cleaned = cleaner.clean(dataset)
        methods = [BASIC_PROFILE, MODIFIED_DATES]
        cleaned.SpecificCharacterSet = "ISO_IR 192"
        cleaned.PatientIdentityRemoved = "YES"
        cleaned.DeidentificationMethod = ["PS3.15 Basic Profile", "Longitudinal dates modified"]
        cleaned.DeidentificationMethodCodeSequence = DicomSequence([_item(code) for code in methods])
        cleaned.LongitudinalTemporalInformationModified = "MODIFIED"
    report = Deidentification(
        profile=PROFILE, methods=methods, elements=cleaner.changed(), private_removed=cleaner.private_removed
    )
    return Cleaned(cleaned, report, keys.pseudonym)


def with_cleaned_pixels(report: Deidentification) -> Deidentification:
    """The report once a person has blacked out regions: with 113101."""
    if CLEANED_PIXELS in report.methods:
        return report
    return report.model_copy(update={"methods": sorted([*report.methods, CLEANED_PIXELS], key=lambda code: code.value)})


def header_with_cleaned_pixels(header: bytes) -> bytes:
    """The kept header once a person has blacked out regions: no burned-in text any more, and 113101."""
    elements: dict[str, Any] = json.loads(header)
    elements["00280301"] = {"vr": "CS", "Value": ["NO"]}
    methods = elements.setdefault("00120064", {"vr": "SQ"}).setdefault("Value", [])
    added = _item(CLEANED_PIXELS).to_json_dict()
    if added not in methods:
        methods.append(added)
    return json.dumps(elements, allow_nan=False, separators=(",", ":")).encode()


def picture_report(blocks: Sequence[str]) -> Deidentification:
    """For a picture that is not DICOM: the blocks that were dropped, such as ``["EXIF", "ICC profile", "Artist"]``.

    The names are the decoder's own or TIFF's, never a file's.
    """
    counts = Counter(_block(name) for name in blocks)
    return Deidentification(
        profile=PICTURE,
        methods=[],
        elements=[
            ChangedElement(tag=tag, name=name, action=ElementAction.REMOVED, occurrences=count)
            for (tag, name), count in sorted(counts.items())
        ],
        private_removed=0,
    )


def _block(name: str) -> tuple[str, str]:
    other = (name, f"TIFF tag {name}") if _TAG_NAME.fullmatch(name) else _OTHER_BLOCK
    return _BLOCKS.get(name.casefold().partition(" ")[0], other)


def header_json(dataset: Dataset) -> bytes:
    """A de-identified dataset as DICOM JSON (PS3.18 Annex F), without pixel data."""
    with warnings.catch_warnings(), pydicom_config.disable_value_validation():
        warnings.simplefilter("ignore")
        elements = dataset.to_json_dict(suppress_invalid_tags=True)
    return json.dumps(elements, allow_nan=False, separators=(",", ":")).encode()


def _item(code: Code) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code.value, "DCM", code.meaning
    return item
