"""From stored values to the brightness that is seen: the one place in Python; the browser has its twin in TypeScript.

numpy alone, and the formulas of DICOM PS3.3: C.11.2.1.2.1 (linear), C.11.2.1.3.1 (sigmoid), C.11.2.1.3.2 (exactly
linear), C.11.2.1.1 (table). Both twins are held to the cases in ``tests/support/rendering.json``.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from backend.intake.display import Display, Rendering, Values, VoiFunction, VoiTable, Window

Levels = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.float64]
_WHITE: Final = 255.0


def render(values: npt.NDArray[np.generic], display: Display, rendering: Rendering) -> Levels:
    """What is seen of one frame.

    Without a window in ``rendering`` it is as the file asks: its table, its first window, or from the lowest to the
    highest value. Colour has no window: it is shown as it is stored.

    Args:
        values: stored values, (H, W), or (H, W, 3) for colour; 8 or 16 bits, as ``display`` says.
        display: what the values mean.
        rendering: which window; its frame is not looked at.

    Returns:
        Of the same shape, 0 to 255.

    Raises:
        ValueError: the shape or the type of the values is not what ``display`` says.
    """
    _check(values, display)
    levels = values.astype(np.uint8) if display.values is Values.COLOUR else _grey(values, display, rendering)
    return 255 - levels if rendering.inverted else levels


def full_range(lowest: float, highest: float, function: VoiFunction) -> Window:
    """The window in which ``lowest`` is black and ``highest`` is white (nearly so for a sigmoid)."""
    if function is VoiFunction.LINEAR:
        # The formula of the standard subtracts 0.5 from the centre and 1 from the width.
        return Window(center=(lowest + highest) / 2 + 0.5, width=highest - lowest + 1)
    return Window(center=(lowest + highest) / 2, width=(highest - lowest) or 1.0)


def _check(values: npt.NDArray[np.generic], display: Display) -> None:
    dimensions = 3 if display.values is Values.COLOUR else 2
    if values.ndim != dimensions or (dimensions == 3 and values.shape[2] != 3):
        expected = "(H, W, 3)" if dimensions == 3 else "(H, W)"
        raise ValueError(f"{display.values} values must have the shape {expected}; got {values.shape}.")
    expected_type = np.dtype(f"{'i' if display.signed else 'u'}{display.bytes_per_value}")
    if values.dtype.newbyteorder("=") != expected_type:
        raise ValueError(f"Values must be {expected_type}; got {values.dtype}.")


def _grey(values: npt.NDArray[np.generic], display: Display, rendering: Rendering) -> Levels:
    bits = 8 * display.bytes_per_value
    native = values.astype(values.dtype.newbyteorder("="), copy=False)
    if values.size <= 1 << bits:
        return _levels(native.astype(np.float64), display, rendering)
    # Every value that there can be, once; then only to be looked up: a fifth of the time of a whole picture.
    patterns = np.arange(1 << bits, dtype=f"u{display.bytes_per_value}")
    table = _levels(patterns.view(native.dtype).astype(np.float64), display, rendering)
    return table[native.view(patterns.dtype)]


def _levels(stored: Numbers, display: Display, rendering: Rendering) -> Levels:
    modality = stored * display.slope + display.intercept
    if rendering.window is None and display.table is not None:
        brightness = _looked_up(modality, display.table)
    else:
        window, function = _window(display, rendering)
        brightness = _windowed(modality, window, function)
    return np.floor(brightness + 0.5).astype(np.uint8)


def _window(display: Display, rendering: Rendering) -> tuple[Window, VoiFunction]:
    if rendering.window is not None:
        return rendering.window, rendering.voi_function
    if display.windows:
        return display.windows[0], rendering.voi_function
    return full_range(display.lowest, display.highest, VoiFunction.LINEAR), VoiFunction.LINEAR


def _windowed(modality: Numbers, window: Window, function: VoiFunction) -> Numbers:
    center, width = window.center, window.width
    if function is VoiFunction.SIGMOID:
        exponent = np.clip(-4.0 * (modality - center) / width, -700.0, 700.0)  # beyond, exp overflows
        return _WHITE / (1.0 + np.exp(exponent))
    if function is VoiFunction.LINEAR:
        center, width = center - 0.5, width - 1.0
    black, white = center - width / 2, center + width / 2
    if width <= 0.0:  # a step: all that is not black is white
        return np.where(modality <= black, 0.0, _WHITE)
    ramp = ((modality - center) / width + 0.5) * _WHITE
    return np.where(modality <= black, 0.0, np.where(modality > white, _WHITE, np.clip(ramp, 0.0, _WHITE)))


def _looked_up(modality: Numbers, table: VoiTable) -> Numbers:
    entries = np.asarray(table.entries, dtype=np.float64)
    index = np.clip(np.floor(modality + 0.5) - table.first, 0, len(entries) - 1).astype(np.intp)
    brightness: Numbers = np.clip(entries[index] * (_WHITE / (math.ldexp(1, table.bits) - 1)), 0.0, _WHITE)
    return brightness
