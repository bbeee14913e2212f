"""Numbers and names as a report prints them."""

from __future__ import annotations

from collections.abc import Iterable

from backend.reader_studies.design import ShamKind
from backend.study_results.schemas import ArmRead, By, Estimate

NONE = "–"
SHAMS = {
    ShamKind.OTHER_CONCEPT: "the same image’s map of a concept of another group",
    ShamKind.OTHER_IMAGE: "the map of the same concept in another image",
    ShamKind.SHUFFLED: "the same map with its patches in random places",
}
MAPS = {"gradcam": "Grad-CAM", "magnet": "Magnet attention"}
_LEVELS = {By.DATASET: "Data set", By.CONCEPT: "Concept", By.READER: "Reader"}


def number(value: float | None, digits: int = 2) -> str:
    """With a real minus; a dash where there is none."""
    if value is None:
        return NONE
    text = f"{value:.{digits}f}"
    return f"{0:.{digits}f}" if float(text) == 0 else text.replace("-", "−")


def signed(value: float | None, digits: int = 2) -> str:
    """With its sign."""
    text = number(value, digits)
    return f"+{text}" if value is not None and float(f"{value:.{digits}f}") > 0 else text


def percent(share: float | None) -> str:
    """With one decimal."""
    return NONE if share is None else f"{number(100 * share, 1)} %"


def estimate(found: Estimate | None, digits: int = 2) -> str:
    """Value and 95 % interval."""
    if found is None or found.value is None:
        return NONE
    return f"{number(found.value, digits)}{_interval(found, 1.0, digits)}"


def share(found: Estimate | None) -> str:
    """A share as per cent, with its interval."""
    if found is None or found.value is None:
        return NONE
    return f"{percent(found.value)}{_interval(found, 100.0, 1)}"


def difference(found: Estimate) -> str:
    """Signed, with its interval."""
    return NONE if found.value is None else f"{signed(found.value)}{_interval(found, 1.0, 2)}"


def p_value(value: float | None) -> str:
    """Three decimals."""
    if value is None:
        return NONE
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 image``, ``2 images``."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def listed(words: Iterable[str]) -> str:
    """``a, b and c``."""
    *first, last = [*words] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def level(by: By, name: str) -> str:
    """What a row is about."""
    if by is By.ALL:
        return "All"
    return f"{_LEVELS[by]}: {name}"


def sentence(text: str) -> str:
    """With a full stop, unless it ends like a sentence already."""
    text = " ".join(text.split())
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."


def arm_names(arms: Iterable[ArmRead]) -> dict[str, str]:
    """By key."""
    return {arm.key: f"{arm.name} (sham)" if arm.sham and "sham" not in arm.name.lower() else arm.name for arm in arms}


def notes(estimates: Iterable[Estimate | None]) -> list[str]:
    """What has to be said of them, each sentence once."""
    said = [each.note for each in estimates if each is not None and each.note]
    return list(dict.fromkeys(said))


def _interval(found: Estimate, scale: float, digits: int) -> str:
    if found.low is None or found.high is None:
        return ""
    return f" ({number(scale * found.low, digits)} to {number(scale * found.high, digits)})"
