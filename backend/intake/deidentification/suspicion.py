"""Why a person should look for text in the pixels, by what the header says."""

from __future__ import annotations

from pydicom import Dataset

from backend.intake.deidentification.keys import text_of
from backend.intake.deidentification.texts import listed, stripped

_ULTRASOUND = ("1.2.840.10008.5.1.4.1.1.3.1", "1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.6.2")
_ULTRASOUND_RETIRED = ("1.2.840.10008.5.1.4.1.1.3", "1.2.840.10008.5.1.4.1.1.6")
_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
_ULTRASOUND_MODALITIES = ("US", "IVUS", "BDUS", "OPTBD")
_UNNAMED = "images of an unnamed kind"
_CAMERAS = {"XC": "photographs", "ES": "endoscopies", "OT": _UNNAMED, "": _UNNAMED, "GM": "microscope images"}
_CONVERSIONS = {
    "DF": "a digitised film",
    "SD": "a scanned document",
    "SI": "a scanned image",
    "DV": "digitised video",
    "DRW": "a drawing",
    "WSD": "made at a workstation",
}
# In the third and later values of Image Type, as devices write them: SCREEN SAVE, SCREENSHOT, CSA REPORT, DOSE_INFO.
_PAGES = ("SCREEN", "CAPTURE", "SCANNED", "REPORT", "PROTOCOL", "DOSE", "FILM", "DOCUMENT")


def suspects(dataset: Dataset) -> list[str]:
    """Reasons in words, by the header as it came in. Empty: no reason found."""
    sop_class, modalities = _kind(dataset), _values(dataset, "Modality") or [""]
    burned_in = _values(dataset, "BurnedInAnnotation")
    reasons = []
    if "YES" in burned_in:
        reasons.append("The header says that text is burned into the pixels.")
    if any(one in _ULTRASOUND_MODALITIES for one in modalities) or sop_class in _ULTRASOUND + _ULTRASOUND_RETIRED:
        reasons.append("Ultrasound images often show the patient's name and the date in the picture.")
    if sop_class == _SECONDARY_CAPTURE or sop_class.startswith(_SECONDARY_CAPTURE + ".") or "SC" in modalities:
        reasons.append("It is a secondary capture, such as a picture of a screen, and may show names and dates.")
    camera = next((_CAMERAS[one] for one in modalities if one in _CAMERAS), None)
    if camera and burned_in != ["NO"]:
        reasons.append(f"Among {camera}, some show text, and the header does not say that there is none.")
    conversion = next((_CONVERSIONS[one] for one in _values(dataset, "ConversionType") if one in _CONVERSIONS), None)
    if conversion:
        reasons.append(f"The header says that it is {conversion}: labels may show who the patient is.")
    if any(page in value for value in _values(dataset, "ImageType")[2:] for page in _PAGES):
        reasons.append("By its image type it is a picture of a screen or a page, not of a patient.")
    if "YES" in _values(dataset, "RecognizableVisualFeatures"):
        reasons.append("The header says that the patient can be recognised in the picture.")
    return reasons


def _kind(dataset: Dataset) -> str:
    """The SOP class; where the header does not say, the beginning of the file does."""
    return text_of(dataset, "SOPClassUID") or text_of(
        getattr(dataset, "file_meta", Dataset()), "MediaStorageSOPClassUID"
    )


def _values(dataset: Dataset, keyword: str) -> list[str]:
    """All that are not empty, in capitals: a header may give several where the standard has one."""
    try:
        return [text for value in listed(dataset.get(keyword)) if (text := stripped(value).upper())]
    except Exception:  # noqa: BLE001  (a malformed value fails in as many ways as there are VRs)
        return []
