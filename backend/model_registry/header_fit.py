"""Which models go with what a DICOM header says of an image: its modality, and the part of the body.

A header knows better than the look of an image, so it leads; where it names what no model is for, nothing is guessed. A
concept set says what its model is for in words (modality, title, prompt), which are what is gone by here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What the terms of Modality (DICOM PS3.3 C.7.3.1.1.1) stand for.
_NAMES = {
    "BDUS": "ultrasound of bones", "BMD": "bone densitometry", "CR": "computed radiography",
    "CT": "computed tomography",
    "DMS": "dermoscopy", "DX": "digital radiography", "ECG": "electrocardiography", "ES": "endoscopy",
    "GM": "general microscopy", "IO": "intra-oral radiography", "IVOCT": "intravascular optical coherence tomography",
    "IVUS": "intravascular ultrasound", "MG": "mammography", "MR": "magnetic resonance", "NM": "nuclear medicine",
    "OCT": "optical coherence tomography", "OP": "ophthalmic photography", "OPT": "ophthalmic tomography",
    "OPV": "ophthalmic visual field", "OT": "another kind of image", "PT": "positron emission tomography",
    "PX": "panoramic radiography", "RF": "radiofluoroscopy", "RG": "radiographic imaging", "RTIMAGE": "radiotherapy",
    "SC": "secondary capture", "SM": "slide microscopy", "US": "ultrasound", "XA": "X-ray angiography",
    "XC": "photography with an external camera",
}  # fmt: skip
# Terms for which a model may be suggested, and parts of the words that concept sets call their modality by.
_RADIOGRAPHY = ("radiograph", "x-ray", "xray")
_SUGGESTED = {
    "US": ("ultraso",), "MG": ("mammogra",), "CR": _RADIOGRAPHY, "DX": _RADIOGRAPHY, "RF": _RADIOGRAPHY,
    "RG": _RADIOGRAPHY, "DMS": ("dermoscop", "dermatoscop"), "XC": ("dermoscop", "dermatoscop"),
    "OP": ("fundus", "retina"), "SM": ("histo", "patholog"), "GM": ("histo", "patholog"),
}  # fmt: skip
# Parts of words by which concept sets name a part of the body, and the headers' terms that go with it. Skin is
# everywhere: a header that names the face or the back says nothing against it.
_PARTS = {
    "breast": (("breast", "mammogra"), ("BREAST", "BREASTS", "MAMMA")),
    "chest": (("chest", "thorac", "thorax"), ("CHEST", "THORAX", "LUNG", "LUNGS")),
    "eye": (("fundus", "retina"), ("EYE", "EYES", "RETINA", "FUNDUS", "MACULA", "ORBIT")),
    "colon": (("colorect", "colon"), ("COLON", "RECTUM", "COLORECTAL", "SIGMOID")),
}
_ANYWHERE = ("skin", "dermoscop", "dermatoscop")


@dataclass(frozen=True)
class Header:
    """Of a DICOM file: defined terms such as US and BREAST. None: it does not say."""

    modality: str | None
    body_part: str | None

    def in_words(self) -> str:
        """Such as: US (ultrasound) of THYROID."""
        if self.modality is None:
            return f"an image of {self.body_part}" if self.body_part else "nothing of the kind of image"
        name = _NAMES.get(self.modality)
        told = f"{self.modality} ({name})" if name else self.modality
        return f"{told} of {self.body_part}" if self.body_part else told


def fits(header: Header, concept_set: Mapping[str, Any]) -> bool:
    """Whether a model may be suggested for such an image."""
    words = _SUGGESTED.get(header.modality or "")
    if words is None or objection(header, concept_set) is not None:
        return False
    # A radiograph may be of anything: without the part of the body it is not known to be what the model is for.
    return header.body_part is not None or words is not _RADIOGRAPHY


def names_its_part(header: Header, concept_set: Mapping[str, Any]) -> bool:
    """Whether the header names the very part of the body that a model is for."""
    return header.body_part is not None and header.body_part in _terms(concept_set)


def objection(header: Header, concept_set: Mapping[str, Any]) -> str | None:
    """What the header says against a model, in words; None: nothing."""
    modality, title = str(concept_set["modality"]), str(concept_set["title"])
    if header.modality is not None and not _is_called(header.modality, modality.casefold()):
        return _disagreement(header, f"{title}, a model of {modality}")
    if header.body_part is not None and not _may_show(header.body_part, concept_set):
        return _disagreement(header, title)
    return None


def why_none(header: Header, way: str = "choose a model yourself") -> str:
    """The sentence for an image that no active model fits. ``way``: to choose one."""
    if header.modality is None:
        said = "The DICOM header does not say which kind of image this is"
    elif header.modality not in _SUGGESTED:
        said = f"The DICOM header says {header.in_words()}, for which no model is ever suggested"
    elif header.body_part is None and _SUGGESTED[header.modality] is _RADIOGRAPHY:
        said = f"The DICOM header says {header.in_words()} and not of which part of the body"
    else:
        said = f"The DICOM header says {header.in_words()}, and no active model is for that"
    return f"{said}. To explain it all the same, {way}."


def _disagreement(header: Header, purpose: str) -> str:
    return (
        f"The image's DICOM header says {header.in_words()}, but the model is for {purpose}. Somebody chose it all the "
        "same; what it says of such an image may mean nothing."
    )


def _is_called(term: str, modality: str) -> bool:
    words = _SUGGESTED.get(term)
    if words is not None:
        return any(word in modality for word in words)
    return _has_word(term, modality) or _has_word(_NAMES.get(term, term), modality)


def _may_show(body_part: str, concept_set: Mapping[str, Any]) -> bool:
    """Also where the set names no part that is known here: then nothing speaks against it."""
    if any(word in _words(concept_set) for word in _ANYWHERE):
        return True
    terms = _terms(concept_set)
    return not terms or body_part in terms or _has_word(body_part, _words(concept_set))


def _terms(concept_set: Mapping[str, Any]) -> frozenset[str]:
    told = _words(concept_set)
    return frozenset(term for words, terms in _PARTS.values() if any(word in told for word in words) for term in terms)


def _has_word(word: str, told: str) -> bool:
    return re.search(rf"\b{re.escape(word.casefold())}\b", told) is not None


def _words(concept_set: Mapping[str, Any]) -> str:
    return " ".join(str(concept_set[name]) for name in ("modality", "title", "prompt")).casefold()
