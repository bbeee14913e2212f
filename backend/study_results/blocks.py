"""What a report is made of, whatever it is printed as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from matplotlib.figure import Figure


@dataclass(frozen=True)
class Heading:
    """``depth`` 1: a chapter, 2: below it, 3: below that."""

    text: str
    depth: int = 1


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Table:
    """Cells as text. ``widths``: shares of the columns, roughly; the first columns that hold words are ``words``."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    words: int = 1
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Picture:
    """``alt`` says what is seen for those who do not see it. ``draw``: a new figure each time, for matplotlib's layout
    moves a little whenever a figure is printed again.
    """

    caption: str
    alt: str
    draw: Callable[[], Figure]


Block = Heading | Words | Table | Picture


@dataclass(frozen=True, eq=False)
class Report:
    """All of it.

    Attributes:
        title: of the study.
        marks: what must be seen first: for research only, simulated readers, not closed yet.
        facts: name and value.
        blocks: in order.
        moment: when the figures were computed.
    """

    title: str
    marks: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    moment: datetime
