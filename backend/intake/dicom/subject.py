"""What a header says an image is of: its modality, and the part of the body. For a de-identified header."""

from __future__ import annotations

import re
from typing import Final

from pydicom.dataset import Dataset

from backend.intake.dicom.elements import items, text
from backend.intake.result import TERM

_STORAGE: Final = "1.2.840.10008.5.1.4.1.1"
# SOP classes that are of one modality alone, for files that leave Modality out.
_BY_CLASS: Final = {
    "1": "CR", "1.1": "DX", "1.1.1": "DX", "1.2": "MG", "1.2.1": "MG", "13.1.3": "MG",
    "2": "CT", "2.1": "CT", "2.2": "CT", "4": "MR", "4.1": "MR", "4.3": "MR", "4.4": "MR",
    "3": "US", "3.1": "US", "6": "US", "6.1": "US", "6.2": "US",
    "12.1": "XA", "12.1.1": "XA", "12.2": "RF", "12.2.1": "RF", "20": "NM", "128": "PT", "128.1": "PT", "130": "PT",
    "77.1.1": "ES", "77.1.2": "GM", "77.1.3": "SM", "77.1.4": "XC", "77.1.5.1": "OP", "77.1.5.2": "OP",
    "77.1.5.4": "OPT", "77.1.7": "DMS",
}  # fmt: skip
# Codes of Anatomic Region Sequence, SNOMED CT and the older SNOMED RT, and their terms (PS3.16 Annex L). Digital
# X-rays name the part by code; these are the parts that concept sets are about, and some that are next to them.
_BY_CODE: Final = {
    "76752008": "BREAST", "T-04000": "BREAST",
    "51185008": "CHEST", "816094009": "CHEST", "T-D3000": "CHEST",
    "39607008": "LUNG", "T-28000": "LUNG",
    "80891009": "HEART", "T-32000": "HEART",
    "81745001": "EYE", "T-AA000": "EYE",
    "39937001": "SKIN", "T-01000": "SKIN",
    "69748006": "THYROID", "T-B6000": "THYROID",
    "113345001": "ABDOMEN", "818981001": "ABDOMEN", "818983003": "ABDOMEN", "T-D4000": "ABDOMEN",
    "71854001": "COLON", "T-59300": "COLON",
    "34402009": "RECTUM", "T-59600": "RECTUM",
}  # fmt: skip


def modality(dataset: Dataset) -> str | None:
    """The defined term of Modality, else the one that the SOP class stands for. None: the header does not say."""
    return _term(text(dataset, "Modality")) or _BY_CLASS.get(text(dataset, "SOPClassUID").removeprefix(f"{_STORAGE}."))


def body_part(dataset: Dataset) -> str | None:
    """The term of Body Part Examined, else the one of a known code. None: the header does not say."""
    named = _term(text(dataset, "BodyPartExamined"))
    if named is not None:
        return named
    codes = (text(item, "CodeValue") for item in items(dataset, "AnatomicRegionSequence"))
    return next((_BY_CODE[code] for code in codes if code in _BY_CODE), None)


def _term(value: str) -> str | None:
    """Devices write terms in small letters as well."""
    named = value.upper()
    return named if value.isascii() and re.fullmatch(TERM, named) else None
