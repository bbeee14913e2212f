"""From values to brightness: the standard's formulas, and the file that both renderers are held to."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.intake.display import VoiFunction, VoiTable
from backend.intake.render import full_range, render
from tests.support.rendering_cases import FILE, as_seen, cases, display, written

CASES = json.loads(FILE.read_text(encoding="utf-8"))


def by_the_standard(value: float, center: float, width: float, function: str) -> float:
    """PS3.3 C.11.2.1.2.1, C.11.2.1.3.1 and C.11.2.1.3.2 word by word, y from 0 to 255."""
    if function == "sigmoid":
        return 255 / (1 + math.exp(min(700.0, -4 * (value - center) / width)))
    if function == "linear_exact":
        if value <= center - width / 2:
            return 0
        return 255 if value > center + width / 2 else ((value - center) / width + 0.5) * 255
    if value <= center - 0.5 - (width - 1) / 2:
        return 0
    if value > center - 0.5 + (width - 1) / 2:
        return 255
    return ((value - (center - 0.5)) / (width - 1) + 0.5) * 255


def test_the_file_is_what_its_maker_makes() -> None:
    assert FILE.read_text(encoding="utf-8") == written()
    assert len(CASES) == len(cases()) > 50


@pytest.mark.parametrize("case", [case for case in CASES if case["rendering"]["window"]], ids=lambda case: case["name"])
def test_windows_follow_the_standard(case: dict) -> None:
    shown, how = case["display"], case["rendering"]
    if shown["values"] == "colour":
        assert case["expected"] == case["values"]
        return
    for value, seen in zip(case["values"], case["expected"], strict=True):
        modality = value * shown["slope"] + shown["intercept"]
        exact = by_the_standard(modality, how["window"]["center"], how["window"]["width"], how["voi_function"])
        assert abs((255 - exact if how["inverted"] else exact) - seen) <= 0.5 + 1e-9


def test_a_lookup_gives_the_same_as_the_formula() -> None:
    values = np.arange(-32768, 32768, 7, dtype=np.int16).reshape(-1, 1)
    large = np.repeat(values, 16, axis=1)  # more pixels than there are values
    shown = display(values, slope=0.5, intercept=-3)
    seen = render(large, shown, as_seen((10, 5000)))
    assert np.array_equal(seen[:, :1], render(values, shown, as_seen((10, 5000))))
    assert (seen == seen[:, :1]).all()


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.sampled_from([VoiFunction.LINEAR, VoiFunction.LINEAR_EXACT]))
def test_the_full_range_is_black_to_white(lowest: float, extent: float, function: VoiFunction) -> None:
    values = np.array([[0, 65535]], np.uint16)
    extent = max(extent, 1e-3)
    shown = display(values, slope=extent / 65535, intercept=lowest)
    window = full_range(shown.lowest, shown.highest, function)
    seen = render(values, shown, as_seen((window.center, window.width), function))
    assert seen.tolist() == [[0, 255]]


@given(st.floats(-3e4, 3e4), st.floats(0.01, 1e5), st.sampled_from(list(VoiFunction)))
def test_brighter_never_becomes_darker(center: float, width: float, function: VoiFunction) -> None:
    values = np.arange(-32768, 32768, 13, dtype=np.int16).reshape(1, -1)
    seen = render(values, display(values), as_seen((center, width), function)).astype(int)
    assert (np.diff(seen) >= 0).all()
    inverted = render(values, display(values), as_seen((center, width), function, inverted=True))
    assert (inverted == 255 - seen).all()


def test_big_endian_values_are_the_same_values() -> None:
    values = np.array([[1, 256, 4095]], np.uint16)
    shown = display(values)
    assert np.array_equal(render(values.astype(">u2"), shown, as_seen()), render(values, shown, as_seen()))


def test_a_table_ends_hold_outside() -> None:
    values = np.array([[0, 5, 6, 7, 99]], np.uint8)
    shown = display(values, table=VoiTable(name="T", first=5, bits=8, entries=[10, 20, 200]))
    assert render(values, shown, as_seen()).tolist() == [[10, 10, 20, 200, 200]]


@pytest.mark.parametrize(
    ("values", "shape_of"),
    [
        (np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.uint8)),
        (np.zeros((2, 2), np.uint8), np.zeros((2, 2, 3), np.uint8)),
        (np.zeros((2, 2, 4), np.uint8), np.zeros((2, 2, 3), np.uint8)),
        (np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.int16)),
        (np.zeros((2, 2), np.int16), np.zeros((2, 2), np.uint16)),
    ],
)
def test_other_shapes_and_types_are_refused(values: np.ndarray, shape_of: np.ndarray) -> None:
    with pytest.raises(ValueError, match="got"):
        render(values, display(shape_of), as_seen())
