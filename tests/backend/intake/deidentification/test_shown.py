"""Texts of the header beside the picture: names of windows and tables, and the unit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import Dataset

from backend.intake.decoding import decode
from backend.intake.display import Display
from tests.backend.intake.deidentification.made import SECRET
from tests.support.dicom_files import LIMITS, dataset, item, lut, save

PIXELS = np.arange(64, dtype=np.uint16).reshape(8, 8)
WINDOWS: dict[str, Any] = {"WindowCenter": [40, 20], "WindowWidth": [80, 90]}


def display(made: Dataset, tmp_path: Path) -> Display:
    """As it is kept of a file."""
    out = tmp_path / "out"
    out.mkdir()
    account = decode(save(made, tmp_path / "a.dcm"), out, LIMITS, SECRET)
    assert "querulanta" not in account.model_dump_json().lower()
    assert account.display is not None
    return account.display


def file(**elements: Any) -> Dataset:
    return dataset(PIXELS, PatientName="Querulanta^Zoe", PatientID="MRN774411", Modality="CR", **elements)


def test_texts_that_name_nobody_stay(tmp_path):
    made = file(**WINDOWS, WindowCenterWidthExplanation=["SOFT", "HARD"], RescaleType="ml/100g")
    shown = display(made, tmp_path)
    assert [window.name for window in shown.windows] == ["SOFT", "HARD", "Full range"]
    assert shown.unit == "ml/100g"


@pytest.mark.parametrize(
    "name",
    ["for Querulanta", "MRN774411", "Zoë", "x" * 60 + "Querulanta", "a\nb"],
    ids=["name", "number", "accent", "cut in the middle", "lines"],
)
def test_names_of_windows(tmp_path, name):
    shown = display(file(**WINDOWS, WindowCenterWidthExplanation=["SOFT", name]), tmp_path)
    assert [window.name for window in shown.windows] == ["Window 1", "Window 2", "Full range"]
    assert [window.center for window in shown.windows[:2]] == [40, 20]


def test_names_of_windows_of_single_frames(tmp_path):
    groups = [
        item(FrameVOILUTSequence=[item(WindowCenter=number, WindowWidth=9, WindowCenterWidthExplanation=name)])
        for number, name in enumerate(("SOFT", "Querulanta"))
    ]
    made = dataset(
        np.stack([PIXELS, PIXELS]), frames=2, PatientName="Querulanta^Zoe", PerFrameFunctionalGroupsSequence=groups
    )
    assert [window.name for window in display(made, tmp_path).windows] == ["Window 1", "Window 2", "Full range"]


@pytest.mark.parametrize(
    "elements",
    [
        {"RescaleType": "Querulanta", "RescaleSlope": 1, "RescaleIntercept": 0},
        {"RescaleType": "unit of Querulanta", "RescaleSlope": 1, "RescaleIntercept": 0},
        {"Units": "QUERULANTA"},
        {"ModalityLUTSequence": [lut([0, 1, 2, 3], 0, 16, ModalityLUTType="Querulanta")]},
    ],
    ids=["rescale", "cut in the middle", "units", "table"],
)
def test_units(tmp_path, elements):
    assert display(file(**elements), tmp_path).unit is None


def test_a_unit_of_the_standard_stays(tmp_path):
    made = file(**WINDOWS, WindowCenterWidthExplanation=["Querulanta", ""], RescaleType="HU", RescaleSlope=1)
    assert display(made, tmp_path).unit == "HU"


def test_names_of_tables(tmp_path):
    shown = display(file(VOILUTSequence=[lut([0, 1, 2, 3], 0, 16, LUTExplanation="for Querulanta")]), tmp_path)
    assert shown.table is not None
    assert shown.table.name == "Table of the file"
    assert shown.table.entries == [0, 1, 2, 3]
