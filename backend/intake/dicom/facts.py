"""What a header says about showing the image: rescale and unit, windows and presets, the time between frames."""

from __future__ import annotations

from typing import Final, NamedTuple

from pydicom.dataset import Dataset

from backend.intake.dicom.elements import group, items, number, numbers, text, texts
from backend.intake.display import VoiFunction, WindowPreset
from backend.intake.render import full_range

# Name, centre, width in Hounsfield units, as radiologists commonly set them.
_CT_PRESETS: Final = (("Lung", -600, 1500), ("Mediastinum", 50, 350), ("Abdomen", 40, 400), ("Bone", 400, 1800),
                      ("Brain", 40, 80))  # fmt: skip
_MAX_WINDOWS = 12
_UNITS: Final = {"HU": "HU", "BQML": "Bq/ml", "CNTS": "counts", "OD": "OD", "GML": "g/ml", "MM2/S": "mm²/s"}
_UNSPECIFIED: Final = ("", "US", "UNSPECIFIED", "NONE", "NORMALIZED")


class Rescale(NamedTuple):
    """``modality = slope * stored + intercept``."""

    slope: float = 1.0
    intercept: float = 0.0


def rescale(dataset: Dataset, frame: int) -> Rescale:
    """Of one frame. A slope of 0, or one beyond all reason, is no slope: the stored values are taken as they are."""
    holder = group(dataset, "PixelValueTransformationSequence", frame) or dataset
    slope, intercept = number(holder, "RescaleSlope"), number(holder, "RescaleIntercept")
    slope, intercept = 1.0 if slope is None else slope, 0.0 if intercept is None else intercept
    if not 1e-12 < abs(slope) < 1e12 or abs(intercept) > 1e15:
        return Rescale()
    return Rescale(slope, intercept)


def unit(dataset: Dataset) -> str | None:
    """Of the modality values, in writing; None where the header does not say."""
    holder = group(dataset, "PixelValueTransformationSequence", 0) or dataset
    tables = items(dataset, "ModalityLUTSequence")
    named = text(tables[0], "ModalityLUTType") if tables else text(holder, "RescaleType")
    if named.upper() in _UNSPECIFIED:
        named = text(dataset, "Units")
    if not named and _modality(dataset) == "CT" and number(holder, "RescaleIntercept") is not None:
        named = "HU"
    return None if named.upper() in _UNSPECIFIED else _UNITS.get(named.upper(), named[:16])


def windows(dataset: Dataset, frames: int) -> list[WindowPreset]:
    """The file's own, the first frame's first."""
    found: list[WindowPreset] = []
    for frame in range(max(1, frames)):
        holder = group(dataset, "FrameVOILUTSequence", frame)
        for window in _named(dataset if holder is None else holder):
            if all((window.center, window.width) != (known.center, known.width) for known in found):
                found.append(window if frame == 0 else _renamed(window, f"{window.name} (frame {frame + 1})"))
        if len(found) >= _MAX_WINDOWS or not items(dataset, "PerFrameFunctionalGroupsSequence"):
            break
    return _distinct(found[:_MAX_WINDOWS])


def voi_function(dataset: Dataset, own: list[WindowPreset]) -> VoiFunction:
    """As the header says; exactly linear where it says nothing and the usual formula, for whole numbers, cannot be."""
    holder = group(dataset, "FrameVOILUTSequence", 0) or dataset
    named = text(holder, "VOILUTFunction").lower()
    if named in [function.value for function in VoiFunction]:
        return VoiFunction(named)
    fractional = not own and not rescale(dataset, 0).slope.is_integer()
    narrow = any(window.width < 1 for window in own)
    return VoiFunction.LINEAR_EXACT if fractional or narrow else VoiFunction.LINEAR


def presets(
    dataset: Dataset, own: list[WindowPreset], ends: tuple[float, float], function: VoiFunction, bits_stored: int
) -> list[WindowPreset]:
    """The default first: the file's windows, those that belong to the kind of image, and always the full range.

    Args:
        dataset: the header.
        own: the file's windows.
        ends: lowest and highest modality value of all frames.
        function: how windows are meant.
        bits_stored: 8 without sign and without a window is brightness already, as in ultrasound.
    """
    whole = full_range(*ends, function)
    full = WindowPreset(name="Full range", center=whole.center, width=whole.width)
    listed = list(own)
    if not own:
        as_stored = bits_stored == 8 and rescale(dataset, 0) == Rescale() and ends[0] >= 0
        byte = full_range(0, 255, function)
        listed = [WindowPreset(name="As stored", center=byte.center, width=byte.width)] if as_stored else [full]
    if _modality(dataset) == "CT" and unit(dataset) == "HU":
        taken = {window.name.lower() for window in listed}
        listed += [WindowPreset(name=n, center=c, width=w) for n, c, w in _CT_PRESETS if n.lower() not in taken]
    return listed if full in listed else [*listed, full]


def frame_ms(dataset: Dataset, frames: int) -> float | None:
    """Between two frames of a film; None for a single picture, or where nothing sensible is said."""
    if frames < 2:
        return None
    said = [number(dataset, "FrameTime")]
    said += [1000 / rate for key in ("CineRate", "RecommendedDisplayFrameRate") if (rate := number(dataset, key))]
    steps = numbers(dataset, "FrameTimeVector")[1:]  # the first is always 0
    said.append(sum(steps) / len(steps) if steps else None)
    return next((time for time in said if time is not None and 1 <= time <= 60_000), None)


def _modality(dataset: Dataset) -> str:
    return text(dataset, "Modality").upper()


def _named(holder: Dataset) -> list[WindowPreset]:
    centers, widths = numbers(holder, "WindowCenter"), numbers(holder, "WindowWidth")
    names = texts(holder, "WindowCenterWidthExplanation")
    pairs = [(c, w) for c, w in zip(centers, widths, strict=False)]
    made = []
    for place, (center, width) in enumerate(pairs):
        name = names[place][:64] if place < len(names) else ""
        default = f"Window {place + 1}" if len(pairs) > 1 else "Window"
        if 0 < width < 1e12 and abs(center) < 1e15:
            made.append(WindowPreset(name=name or default, center=center, width=width))
    return made


def _renamed(window: WindowPreset, name: str) -> WindowPreset:
    return WindowPreset(name=name, center=window.center, width=window.width)


def _distinct(found: list[WindowPreset]) -> list[WindowPreset]:
    """Two windows of one name could not be told apart."""
    names = [window.name for window in found]
    return [
        _renamed(window, f"{window.name} {names[: place + 1].count(window.name)}")
        if names[: place].count(window.name)
        else window
        for place, window in enumerate(found)
    ]  # fmt: skip
