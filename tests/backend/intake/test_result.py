"""What a decoder may say of a file: it may have been taken over, so lines of text lie within and terms are terms."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from backend.intake.deidentification.service import picture_report
from backend.intake.result import MOST_FOUND, Account

BOX = {"x": 2, "y": 3, "width": 8, "height": 5, "frame": 0}


def account(**changes: Any) -> Account:
    said: dict[str, Any] = {
        "source_format": "dicom", "width": 10, "height": 8, "frames": 2, "values_kept": True, "display": None,
        "rendering": None, "deidentification": picture_report([]), "suspects": [], "found": [BOX], "pseudonym": None,
        "modality": "US", "body_part": "BREAST",
    }  # fmt: skip
    return Account.model_validate(said | changes)


def test_what_fits() -> None:
    made = account(found=[BOX] * MOST_FOUND + [])
    assert len(made.found) == MOST_FOUND
    assert account(found=[BOX | {"frame": 1}]).found[0].frame == 1
    assert account(modality=None, body_part=None, found=[]).modality is None


@pytest.mark.parametrize(
    "changes",
    [
        {"found": [BOX | {"x": 3}]},
        {"found": [BOX | {"y": 4}]},
        {"found": [BOX | {"width": 0}]},
        {"found": [BOX | {"x": -1}]},
        {"found": [BOX | {"frame": 2}]},
        {"found": [BOX | {"frame": 1}], "values_kept": False},
        {"found": [BOX] * (MOST_FOUND + 1)},
        {"modality": "DOE^JANE"},
        {"modality": "US\n"},
        {"body_part": "JANE DOE"},
        {"body_part": "X" * 17},
    ],
    ids=["right", "below", "flat", "left", "frame", "picture", "many", "name", "line", "words", "long"],
)
def test_what_does_not(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        account(**changes)
