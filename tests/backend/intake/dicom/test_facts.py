"""Rescale, windows, presets and time, from plain and from enhanced headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import uid

from backend.intake.dicom.reading import DicomImage, read_dicom
from backend.intake.display import Display, VoiFunction, WindowPreset
from backend.intake.render import render
from tests.support.dicom_files import LIMITS, dataset, item, save

VALUES = np.arange(0, 4000, 100, dtype=np.uint16).reshape(5, 8)
CT_NAMES = ["Lung", "Mediastinum", "Abdomen", "Bone", "Brain"]


def image(tmp_path: Path, values: np.ndarray = VALUES, **elements: Any) -> DicomImage:
    return read_dicom(save(dataset(values, **elements), tmp_path / "made.dcm"), LIMITS)


def shown(tmp_path: Path, values: np.ndarray = VALUES, **elements: Any) -> Display:
    return image(tmp_path, values, **elements).finish()


def named(display: Display) -> list[str]:
    return [window.name for window in display.windows]


def test_rescale_and_its_unit(tmp_path: Path) -> None:
    display = shown(tmp_path, Modality="CT", RescaleSlope="2", RescaleIntercept="-1024")
    assert (display.slope, display.intercept, display.unit) == (2, -1024, "HU")
    assert (display.lowest, display.highest) == (-1024, 3900 * 2 - 1024)
    assert shown(tmp_path, RescaleSlope="1", RescaleIntercept="0", RescaleType="US").unit is None
    assert shown(tmp_path, Modality="PT", Units="BQML").unit == "Bq/ml"
    assert shown(tmp_path, RescaleType="mGy").unit == "mGy"


def test_a_falling_slope_keeps_lowest_below_highest(tmp_path: Path) -> None:
    display = shown(tmp_path, RescaleSlope="-1", RescaleIntercept="5")
    assert (display.lowest, display.highest) == (-3895, 5)


@pytest.mark.parametrize("slope", ["0", "1e300"])
def test_an_impossible_slope_is_none(slope: str, tmp_path: Path) -> None:
    display = shown(tmp_path, RescaleSlope=slope, RescaleIntercept="7")
    assert (display.slope, display.intercept) == (1, 0)


def test_windows_with_their_explanations(tmp_path: Path) -> None:
    made = image(
        tmp_path, Modality="MR", WindowCenter=[40, -600], WindowWidth=[400, 1500],
        WindowCenterWidthExplanation=["Soft tissue", "Lungs"],
    )  # fmt: skip
    display = made.finish()
    assert display.windows[:2] == [
        WindowPreset(name="Soft tissue", center=40, width=400),
        WindowPreset(name="Lungs", center=-600, width=1500),
    ]
    assert named(display)[2:] == ["Full range"]
    assert made.rendering.window is not None
    assert (made.rendering.window.center, made.rendering.window.width) == (40, 400)


def test_windows_without_names_or_with_the_same_one(tmp_path: Path) -> None:
    display = shown(tmp_path, WindowCenter=[40, 50], WindowWidth=[400, 500])
    assert named(display) == ["Window 1", "Window 2", "Full range"]
    display = shown(tmp_path, WindowCenter=[40, 50], WindowWidth=[400, 500], WindowCenterWidthExplanation=["A", "A"])
    assert named(display) == ["A", "A 2", "Full range"]


def test_windows_that_are_none(tmp_path: Path) -> None:
    assert named(shown(tmp_path, WindowCenter=["40", "50"], WindowWidth=["0", "-3"])) == ["Full range"]
    assert named(shown(tmp_path, WindowCenter="", WindowWidth="")) == ["Full range"]


def test_presets_of_ct(tmp_path: Path) -> None:
    hounsfield = {"Modality": "CT", "RescaleSlope": "1", "RescaleIntercept": "-1024"}
    alone = shown(tmp_path, **hounsfield)
    assert named(alone) == ["Full range", *CT_NAMES]
    display = shown(tmp_path, **hounsfield, WindowCenter=30, WindowWidth=90, WindowCenterWidthExplanation="BRAIN")
    assert named(display) == ["BRAIN", *CT_NAMES[:4], "Full range"]
    assert named(shown(tmp_path, **{**hounsfield, "RescaleType": "OD"})) == ["Full range"]


def test_the_full_range_shows_everything(tmp_path: Path) -> None:
    made = image(tmp_path)
    seen = render(made.frame(0), made.finish(), made.rendering)
    assert (seen.min(), seen.max()) == (0, 255)


def test_eight_bits_without_a_window_are_brightness_already(tmp_path: Path) -> None:
    values = np.array([[10, 20], [30, 200]], np.uint8)
    made = image(tmp_path, values, Modality="US")
    assert named(made.finish()) == ["As stored", "Full range"]
    assert np.array_equal(render(made.frame(0), made.finish(), made.rendering), values)


@pytest.mark.parametrize("said", ["SIGMOID", "LINEAR_EXACT", "LINEAR"])
def test_the_function_of_the_windows(said: str, tmp_path: Path) -> None:
    made = image(tmp_path, WindowCenter=2000, WindowWidth=100, VOILUTFunction=said)
    assert made.finish().voi_function == made.rendering.voi_function == VoiFunction(said.lower())


def test_fractions_take_the_exact_function(tmp_path: Path) -> None:
    assert shown(tmp_path, RescaleSlope="0.001").voi_function is VoiFunction.LINEAR_EXACT
    narrow = shown(tmp_path, RescaleSlope="0.001", WindowCenter="0.5", WindowWidth="0.25")
    assert narrow.voi_function is VoiFunction.LINEAR_EXACT
    assert shown(tmp_path, WindowCenter=5, WindowWidth=2).voi_function is VoiFunction.LINEAR


def enhanced(tmp_path: Path, shared: Any, own: list[Any], values: np.ndarray) -> DicomImage:
    return image(
        tmp_path, values, frames=len(values), SOPClassUID=uid.EnhancedCTImageStorage, Modality="CT",
        SharedFunctionalGroupsSequence=[shared], PerFrameFunctionalGroupsSequence=own,
    )  # fmt: skip


def rescaled(slope: str, intercept: str) -> Any:
    transformation = item(RescaleSlope=slope, RescaleIntercept=intercept, RescaleType="HU")
    return item(PixelValueTransformationSequence=[transformation])


def windowed(center: str, width: str, name: str) -> Any:
    voi = item(WindowCenter=center, WindowWidth=width, WindowCenterWidthExplanation=name)
    return item(FrameVOILUTSequence=[voi])


def test_groups_that_all_frames_share(tmp_path: Path) -> None:
    shared = rescaled("1", "-1000")
    shared.update(windowed("40", "400", "Soft"))
    display = enhanced(tmp_path, shared, [item(), item()], np.stack([VALUES, VALUES])).finish()
    assert (display.slope, display.intercept, display.unit) == (1, -1000, "HU")
    assert display.windows[0] == WindowPreset(name="Soft", center=40, width=400)


def test_groups_of_each_frame(tmp_path: Path) -> None:
    own = [windowed("40", "400", "Soft"), windowed("50", "300", "Other"), windowed("40", "400", "Soft")]
    display = enhanced(tmp_path, item(), own, np.stack([VALUES] * 3)).finish()
    assert named(display)[:2] == ["Soft", "Other (frame 2)"]


def test_frames_with_a_slope_of_their_own_share_one_scale(tmp_path: Path) -> None:
    own = [rescaled("1", "0"), rescaled("2.5", "-1000")]
    made = enhanced(tmp_path, item(), own, np.stack([VALUES, VALUES]))
    display = made.finish()
    assert [display.lowest, display.highest] == pytest.approx([-1000, 3900 * 2.5 - 1000])
    for index, expected in enumerate([VALUES * 1.0, VALUES * 2.5 - 1000]):
        meant = made.frame(index) * display.slope + display.intercept
        assert np.abs(meant - expected).max() <= display.slope


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"FrameTime": "40"}, 40),
        ({"CineRate": "25"}, 40),
        ({"RecommendedDisplayFrameRate": "50"}, 20),
        ({"FrameTime": "40", "CineRate": "10"}, 40),
        ({"FrameTimeVector": ["0", "30", "50"]}, 40),
        ({"FrameTime": "0"}, None),
        ({"CineRate": "-3"}, None),
        ({}, None),
    ],
)
def test_time_between_frames(elements: dict[str, Any], expected: float | None, tmp_path: Path) -> None:
    assert shown(tmp_path, np.stack([VALUES, VALUES]), frames=2, **elements).frame_ms == expected


def test_a_single_picture_has_no_time(tmp_path: Path) -> None:
    assert shown(tmp_path, FrameTime="40").frame_ms is None
