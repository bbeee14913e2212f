"""What an experiment found, whatever it is: JSON, tables and figures. ``files`` writes it, the command prints it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NOTICE = "Research use only. Not for diagnosis."
Value = str | int | float | bool | None


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        key: in the rows and in the CSV file.
        header: for people.
        form: format specification for numbers, such as ".3f" or "+.1%"; missing values are a dash.
    """

    key: str
    header: str
    form: str = ""

    def text(self, value: Value) -> str:
        """A value as printed."""
        if value is None:
            return "–"
        return format(value, self.form) if self.form and not isinstance(value, str) else str(value)

    @property
    def is_number(self) -> bool:
        """Whether it is set to the right."""
        return bool(self.form)


@dataclass(frozen=True)
class Table:
    """A table, as printed and as a CSV file.

    Attributes:
        name: of its file.
        title: one line above it.
        columns: in order.
        rows: a value for every column each; None where there is none.
        shown: whether it is printed; long ones are in their file only.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Value]]
    shown: bool = True


@dataclass(frozen=True)
class Drawing:
    """A figure, drawn when it is written.

    Attributes:
        name: of its files.
        draw: makes it, without pyplot and its global state.
    """

    name: str
    draw: Callable[[], Figure]


@dataclass(frozen=True)
class Findings:
    """Of one experiment.

    Attributes:
        document: JSON-ready, without NaN; everything a program may want.
        tables: of it.
        drawings: of it.
        sentences: what it says in words, for the end of the print and the results page.
    """

    document: Mapping[str, Any]
    tables: Sequence[Table] = ()
    drawings: Sequence[Drawing] = ()
    sentences: Sequence[str] = field(default_factory=tuple)
