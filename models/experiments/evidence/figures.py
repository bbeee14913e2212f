"""Estimates in the form of the schema, and in words."""

from __future__ import annotations

from typing import Literal

from models.experiments.evidence.schema import Measured, NamedFigure
from models.experiments.spread import Estimate

Unit = Literal["share", "auroc", "probability", "difference", "number"]
Better = Literal["higher", "lower", "neither"]


def measured(one: Estimate | None) -> Measured:
    """As the schema has it; null where there is none."""
    if one is None or one.value is None:
        return Measured(value=None, n=0 if one is None else one.n)
    return Measured(value=one.value, low=one.low, high=one.high, n=one.n)


def named(
    key: str,
    name: str,
    kind: tuple[Unit, Better],
    one: Estimate | None,
    reference: tuple[float | None, str] | None = None,
) -> NamedFigure:
    """A figure with its name.

    Args:
        key: for programs.
        name: for people.
        kind: unit, and which way is better.
        one: the figure.
        reference: what chance or a baseline would give, and its name.
    """
    unit, better = kind
    value, words = reference or (None, None)
    known = value is not None
    return NamedFigure(
        key=key,
        name=name,
        unit=unit,
        better=better,
        measured=measured(one),
        reference=value if known else None,
        reference_name=words if known else None,
    )


def plain(value: float, images: int) -> Estimate:
    """A figure without an interval."""
    return Estimate(float(value), None, None, images)


def said(one: Estimate | None) -> str:
    """Such as "0.81 (0.72 to 0.90)"."""
    return "–" if one is None else one.text(".2f")


def change(one: Estimate | None) -> str:
    """A difference, such as "+0.31 (+0.16 to +0.48)"."""
    return "–" if one is None else one.text("+.2f")


def above(one: Estimate | None, bound: float = 0.0) -> bool:
    """Whether the whole interval is above; of a figure without an interval, never."""
    return one is not None and one.low is not None and one.low > bound


def below(one: Estimate | None, bound: float = 0.0) -> bool:
    """Whether the whole interval is below."""
    return one is not None and one.high is not None and one.high < bound


def listed(words: list[str]) -> str:
    """Such as "shape, margin and echo"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
