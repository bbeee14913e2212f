"""Why a person should look for text in the pixels, by what the header says."""

from __future__ import annotations

from pydicom import Dataset

from backend.intake.deidentification.keys import text_of

_ULTRASOUND = ("1.2.840.10008.5.1.4.1.1.3.1", "1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.6.2")
_ULTRASOUND_RETIRED = ("1.2.840.10008.5.1.4.1.1.3", "1.2.840.10008.5.1.4.1.1.6")
_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
_ULTRASOUND_MODALITIES = ("US", "IVUS", "BDUS", "OPTBD")
_CAMERAS = {"XC": "photographs", "ES": "endoscopies", "OT": "images of an unnamed kind", "GM": "microscope images"}
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
    sop_class, modality = text_of(dataset, "SOPClassUID"), text_of(dataset, "Modality").upper()
    burned_in = text_of(dataset, "BurnedInAnnotation").upper()
    reasons = []
    if burned_in == "YES":
        reasons.append("The header says that text is burned into the pixels.")
    if modality in _ULTRASOUND_MODALITIES or sop_class in _ULTRASOUND + _ULTRASOUND_RETIRED:
        reasons.append("Ultrasound images often show the patient's name and the date in the picture.")
    if sop_class == _SECONDARY_CAPTURE or sop_class.startswith(_SECONDARY_CAPTURE + ".") or modality == "SC":
        reasons.append("It is a secondary capture, such as a picture of a screen, and may show names and dates.")
    if modality in _CAMERAS and burned_in != "NO":
        reasons.append(f"Among {_CAMERAS[modality]}, some show text, and the header does not say that there is none.")
    conversion = text_of(dataset, "ConversionType").upper()
    if conversion in _CONVERSIONS:
        reasons.append(f"The header says that it is {_CONVERSIONS[conversion]}: labels may show who the patient is.")
    if any(page in value for value in _image_types(dataset) for page in _PAGES):
        reasons.append("By its image type it is a picture of a screen or a page, not of a patient.")
    if text_of(dataset, "RecognizableVisualFeatures").upper() == "YES":
        reasons.append("The header says that the patient can be recognised in the picture.")
    return reasons


def _image_types(dataset: Dataset) -> list[str]:
    try:
        value = dataset.get("ImageType") or []
        values = [value] if isinstance(value, str) else list(value)
    except Exception:  # noqa: BLE001  (a malformed value fails in as many ways as there are VRs)
        return []
    return [str(value).upper() for value in values[2:]]
