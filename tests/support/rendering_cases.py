"""Makes ``rendering.json``: values, how to show them, and what must be seen, for both renderers (Python, TypeScript).

After a change of the formulas: ``python -m tests.support.rendering_cases``. A test holds the file to this module.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from backend.intake.display import Display, Rendering, Values, VoiFunction, VoiTable, Window, WindowPreset
from backend.intake.render import render

FILE = Path(__file__).with_name("rendering.json")
LINEAR, EXACT, SIGMOID = VoiFunction.LINEAR, VoiFunction.LINEAR_EXACT, VoiFunction.SIGMOID


def display(values: np.ndarray, **changed: Any) -> Display:
    """Of these values, with nothing special beside what is named."""
    slope, intercept = float(changed.pop("slope", 1.0)), float(changed.pop("intercept", 0.0))
    ends = [float(values.min()) * slope + intercept, float(values.max()) * slope + intercept]
    fields: dict[str, Any] = {
        "values": Values.COLOUR if values.ndim == 3 else Values.GREY,
        "bytes_per_value": values.dtype.itemsize, "signed": values.dtype.kind == "i",
        "slope": slope, "intercept": intercept, "unit": None, "lowest": min(ends), "highest": max(ends),
        "inverted": False, "windows": [], "voi_function": LINEAR, "table": None,
        "spacing": None, "orientation": None, "frame_ms": None,
    }  # fmt: skip
    return Display(**{**fields, **changed})


def as_seen(
    window: tuple[float, float] | None = None, function: VoiFunction = LINEAR, inverted: bool = False
) -> Rendering:
    """One frame through this window, given as (centre, width)."""
    chosen = None if window is None else Window(center=window[0], width=window[1])
    return Rendering(frame=0, window=chosen, voi_function=function, inverted=inverted)


def _grey8() -> np.ndarray:
    return np.array([[0, 1, 63, 64, 100, 126], [127, 128, 129, 192, 254, 255]], np.uint8)


def _grey16() -> np.ndarray:
    return np.array([[0, 1, 2, 1023, 1024, 2047], [2048, 4095, 4096, 32767, 32768, 65535]], np.uint16)


def _signed16() -> np.ndarray:
    return np.array([[-32768, -2000, -1024, -1000, -160, -1], [0, 1, 39, 40, 41, 240], [400, 1000, 3071, 32767, 7, 8]],
                    np.int16)  # fmt: skip


def _signed8() -> np.ndarray:
    return np.array([[-128, -127, -64, -1], [0, 1, 64, 127]], np.int8)


def _colour() -> np.ndarray:
    return np.array([[[0, 0, 0], [255, 0, 0], [1, 2, 3]], [[0, 128, 255], [254, 253, 252], [255, 255, 255]]], np.uint8)


def _large() -> np.ndarray:
    """More pixels than there are bytes, so that renderers with a lookup table use it."""
    return np.arange(-200, 200, dtype=np.int16).reshape(20, 20)


def _table(**changed: Any) -> VoiTable:
    return VoiTable(**{"name": "Log", "first": 10, "bits": 12, "entries": [0, 300, 2000, 4000, 4095], **changed})


def _windows(function: VoiFunction) -> list[tuple[str, np.ndarray, dict[str, Any], Rendering]]:
    name = function.value
    signed, hounsfield = _signed16(), {"slope": 1, "intercept": -1024}
    cases: list[tuple[str, np.ndarray, dict[str, Any], Rendering]] = [
        (f"{name}: 8 bits, identity", _grey8(), {}, as_seen((128, 256), function)),
        (f"{name}: 8 bits, narrow", _grey8(), {}, as_seen((128, 3), function)),
        (f"{name}: width 1", _grey8(), {}, as_seen((128, 1), function)),
        (f"{name}: width 1 between two values", _grey8(), {}, as_seen((127.5, 1), function)),
        (f"{name}: width below 1", _grey8(), {}, as_seen((127.5, 0.25), function)),
        (f"{name}: signed 8 bits", _signed8(), {}, as_seen((0, 256), function)),
        (f"{name}: 16 bits", _grey16(), {}, as_seen((2048, 4096), function)),
        (f"{name}: 16 bits, wider than the values", _grey16(), {}, as_seen((32768, 200000), function)),
        (f"{name}: 16 bits, centre outside the values", _grey16(), {}, as_seen((-500, 2000), function)),
        (f"{name}: signed, soft tissue", signed, {}, as_seen((40, 400), function)),
        (f"{name}: signed, negative centre", signed, {}, as_seen((-600, 1500), function)),
        (f"{name}: rescaled to Hounsfield units", _grey16(), hounsfield, as_seen((40, 400), function)),
        (f"{name}: inverted", signed, {}, as_seen((40, 400), function, inverted=True)),
        (f"{name}: negative slope", _grey8(), {"slope": -2, "intercept": 100}, as_seen((0, 300), function)),
        (f"{name}: fractional slope", _grey16(), {"slope": 0.00125, "intercept": -0.5}, as_seen((2, 4.5), function)),
        (f"{name}: more pixels than values of a byte", _large(), {}, as_seen((12.25, 155.5), function)),
    ]
    return cases


def _others() -> list[tuple[str, np.ndarray, dict[str, Any], Rendering]]:
    preset = WindowPreset(name="Lung", center=-600, width=1500)
    second = WindowPreset(name="Bone", center=400, width=1800)
    small = np.array([[0, 9, 10, 11, 12], [13, 14, 15, 200, 255]], np.uint8)
    return [
        ("no window: the file's first one", _signed16(), {"windows": [preset, second]}, as_seen()),
        ("no window, sigmoid: the file's first one", _signed16(), {"windows": [preset], "voi_function": SIGMOID},
         as_seen(None, SIGMOID)),
        ("no window and none in the file: lowest to highest", _signed16(), {}, as_seen()),
        ("lowest to highest, inverted", _grey16(), {"inverted": True}, as_seen(inverted=True)),
        ("one value only", np.full((2, 3), 7, np.uint8), {}, as_seen()),
        ("fractions of one unit, lowest to highest", _grey16(), {"slope": 1e-5}, as_seen()),
        ("table", small, {"table": _table()}, as_seen()),
        ("table, inverted", small, {"table": _table()}, as_seen(inverted=True)),
        ("table of 8 bits, first entry below 0", _signed8(),
         {"table": _table(first=-2, bits=8, entries=[0, 9, 99, 255])}, as_seen()),
        ("table of 16 bits after a fractional rescale", small,
         {"table": _table(bits=16, entries=[65535, 30000, 257, 128, 0]), "slope": 0.25, "intercept": 9}, as_seen()),
        ("table, but a window is chosen", small, {"table": _table()}, as_seen((12, 8))),
        ("colour", _colour(), {}, as_seen()),
        ("colour, inverted", _colour(), {}, as_seen(inverted=True)),
        ("colour has no window", _colour(), {}, as_seen((40, 400))),
    ]  # fmt: skip


def cases() -> list[dict[str, Any]]:
    """All of them, as they stand in the file."""
    listed = [case for function in VoiFunction for case in _windows(function)] + _others()
    made = []
    for name, values, changed, rendering in listed:
        shown = display(values, **changed)
        made.append(
            {
                "name": name,
                "height": values.shape[0],
                "width": values.shape[1],
                "values": values.ravel().tolist(),
                "display": shown.model_dump(mode="json"),
                "rendering": rendering.model_dump(mode="json"),
                "expected": render(values, shown, rendering).ravel().tolist(),
            }
        )
    return made


def written() -> str:
    """The file's text: one case a line, so that a difference can be read."""
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases())
    return f"[\n{lines}\n]\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
