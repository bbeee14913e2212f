"""What the standard asks for: DICOM PS3.15 Table E.1-1, edition 2026c, as the package dicom-anonymizer keeps it.

Only the package's table is used. Its own actions leave (0012,0062) to (0012,0064) unset and shift no dates.
Where the table leaves a choice by the element's type in its module (X/Z, X/D, Z/D, X/Z/D), the answer is the one that
every module allows: emptied before removed, replaced before emptied.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from dicomanonymizer.dicom_anonymization_databases import (  # type: ignore[import-untyped]
    dicomfields_2026c as edition,
)
from pydicom.datadict import get_entry

PROFILE = "DICOM PS3.15 Basic Application Level Confidentiality Profile, with dates shifted for each patient"


class Rule(StrEnum):
    """What happens to an element."""

    REMOVE = "X"
    EMPTY = "Z"
    REPLACE = "D"
    REMAP = "U"
    REMAP_INSIDE = "U*"


def _table() -> dict[int, Rule]:
    columns = {
        Rule.REMOVE: edition.X_TAGS,
        Rule.EMPTY: edition.Z_TAGS + edition.X_Z_TAGS,
        Rule.REPLACE: edition.D_TAGS + edition.Z_D_TAGS + edition.X_D_TAGS + edition.X_Z_D_TAGS,
        Rule.REMAP: edition.U_TAGS,
        Rule.REMAP_INSIDE: edition.X_Z_U_STAR_TAGS,
    }
    # Entries of four numbers are repeating groups (50xx, 60xx): these go as a whole, see `is_graphics`.
    return {(tag[0] << 16) | tag[1]: rule for rule, tags in columns.items() for tag in tags if len(tag) == 2}


TABLE = _table()

PATIENT_ID = 0x00100020
# The option for modified dates leaves out the birth's date and time; the selectors' hold any element's value.
NOT_SHIFTED = frozenset({0x00100030, 0x00100032, 0x00720061, 0x00720063, 0x0072006B})

# All text is UTF-8 in what is kept.
CHARACTER_SET = 0x00080005
# Not of the header: pixels are kept as frames, and what was done to the header is said anew.
APART = frozenset(
    {0x7FE00001, 0x7FE00002, 0x7FE00008, 0x7FE00009, 0x7FE00010, 0x00120062, 0x00120063, 0x00120064, 0x00280303}
)
# About the patient, the trial, the request and the visit: here only what the table lets stay may stay.
GROUPS_ABOUT_PEOPLE = frozenset({0x0010, 0x0012, 0x0032, 0x0038})
# Below are messages, the file's beginning and directories of media, whose names of files and sets are a person's.
FIRST_GROUP = 0x0008
# PatientID, OtherPatientIDs, AccessionNumber, MedicalRecordLocator, InsurancePlanIdentification, AdmissionID,
# PatientTelephoneNumbers.
NUMBERS_OF_PATIENTS = frozenset({0x00100020, 0x00101000, 0x00080050, 0x00101090, 0x00101050, 0x00380010, 0x00102154})
# InstitutionName, InstitutionAddress, StationName, InstitutionalDepartmentName, DeviceSerialNumber, PatientAddress.
PLACES_AND_DEVICES = frozenset({0x00080080, 0x00080081, 0x00081010, 0x00081040, 0x00181000, 0x00101040})
TIMES = frozenset({"DA", "DT", "TM"})

# Of the texts that the table does not name the standard keeps all. We keep those that say how an image was made:
# device kinds, not devices, and coded terms. Everything else may be written by hand.
TEXTS = frozenset(
    {
        "Manufacturer",
        "ManufacturerModelName",
        "SoftwareVersions",
        "CodeValue",
        "CodingSchemeDesignator",
        "CodingSchemeVersion",
        "CodeMeaning",
        "MappingResourceName",
        "SequenceName",
        "PulseSequenceName",
        "ImagedNucleus",
        "SecondaryCaptureDeviceManufacturer",
        "SecondaryCaptureDeviceManufacturerModelName",
        "SecondaryCaptureDeviceSoftwareVersions",
        "VideoImageFormatAcquired",
        "DigitalImageFormatAcquired",
        "ContrastBolusRoute",
        "Radiopharmaceutical",
        "RadiopharmaceuticalRoute",
        "TriggerSourceOrType",
        "FilterType",
        "TypeOfFilters",
        "CollimatorGridName",
        "DoseModeName",
        "ConvolutionKernel",
        "ReceiveCoilName",
        "TransmitCoilName",
        "PlateType",
        "PhosphorType",
        "AcquisitionDeviceProcessingCode",
        "AcquisitionMode",
        "DetectorManufacturerName",
        "DetectorManufacturerModelName",
        "ReceiveCoilManufacturerName",
        "TransmitCoilManufacturerName",
        "MultiCoilElementName",
        "TransducerData",
        "ProcessingFunction",
        "StackID",
        "ImageFilter",
        "ModalityLUTType",
        "RescaleType",
        "WindowCenterWidthExplanation",
        "LUTExplanation",
        "PixelSpacingCalibrationDescription",
        "AttenuationCorrectionMethod",
        "ReconstructionMethod",
        "ScatterCorrectionMethod",
        "EnergyWindowName",
        "ApplicableSafetyStandardDescription",
    }
)

# UIDs that name a kind or a code, not a patient's object.
CLASS_UIDS = frozenset(
    {
        "SOPClassUID",
        "RelatedGeneralSOPClassUID",
        "OriginalSpecializedSOPClassUID",
        "ReferencedSOPClassUID",
        "CodingSchemeUID",
        "ContextUID",
        "MappingResourceUID",
        "StoredInstanceTransferSyntaxUID",
        "AvailableTransferSyntaxUID",
    }
)


def is_graphics(tag: int) -> bool:
    """Curves (50xx) and overlays (60xx): drawings may hold text, and their frames mean nothing without them."""
    return tag >> 24 in (0x50, 0x60)


class Definition(NamedTuple):
    """An element as the standard's dictionary (PS3.6) has it."""

    vr: str
    multiplicity: str
    name: str
    retired: bool
    keyword: str


def definition(tag: int) -> Definition | None:
    """None: pydicom's edition of the standard does not know the element."""
    try:
        vr, multiplicity, name, retired, keyword = get_entry(tag)
    except KeyError:
        return None
    return Definition(vr, multiplicity, name, bool(retired), keyword)


def most_values(multiplicity: str) -> int | None:
    """How many values an element may have, such as 3 for ``1-3``. None: any number."""
    last = multiplicity.rpartition("-")[2]
    return int(last) if last.isdigit() else None
