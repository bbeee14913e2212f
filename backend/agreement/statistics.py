"""Counts of who said what, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class OneAnswer:
    """How people and the model use one answer of several.

    Attributes:
        labelled: labels.
        present: of these, those on which people give this answer.
        agreed: those on which both give it, or neither does.
        sensitivity: share of the present ones on which the model gives it; None without any.
        specificity: share of the others on which it does not; None without any.
    """

    labelled: int
    present: int
    agreed: int
    sensitivity: float | None
    specificity: float | None


@dataclass
class Confusion:
    """A table of counts: rows the person's answers, columns the model's.

    Args:
        size: how many answers there are.
    """

    size: int
    table: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.table = [[0] * self.size for _ in range(self.size)]

    def add(self, person: int, model: int) -> None:
        self.table[person][model] += 1

    @property
    def labelled(self) -> int:
        return sum(map(sum, self.table))

    @property
    def agreed(self) -> int:
        return sum(self.table[place][place] for place in range(self.size))

    @property
    def rate(self) -> float | None:
        """Percent agreement, as a share."""
        return self.agreed / self.labelled if self.labelled else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: (observed - expected) / (1 - expected) agreement; None where nothing else was possible.

        In whole numbers as long as it can be, so that "all the same" is recognized exactly.
        """
        total = self.labelled
        by_person = [sum(row) for row in self.table]
        by_model = [sum(column) for column in zip(*self.table, strict=True)]
        expected: int = sum(a * b for a, b in zip(by_person, by_model, strict=True))
        if expected == total * total:  # also when there is nothing
            return None
        return (self.agreed * total - expected) / (total * total - expected)

    def of_answer(self, place: int) -> OneAnswer:
        """One answer against all others taken together."""
        present = sum(self.table[place])
        said = sum(row[place] for row in self.table)
        both = self.table[place][place]
        absent = self.labelled - present
        neither = self.labelled - present - said + both
        return OneAnswer(
            labelled=self.labelled,
            present=present,
            agreed=both + neither,
            sensitivity=both / present if present else None,
            specificity=neither / absent if absent else None,
        )

    def told(self) -> dict[str, Any]:
        """The fields that classes and groups share."""
        names = ("labelled", "agreed", "rate", "kappa")
        return {"confusion": self.table, **{name: getattr(self, name) for name in names}}


@dataclass
class Hits:
    """How often the predicted class was the labelled one, before and after something."""

    labelled: int = 0
    before: int = 0
    after: int = 0

    def add(self, before: bool, after: bool) -> None:
        self.labelled += 1
        self.before += before
        self.after += after

    def told(self) -> dict[str, Any]:
        """As shares."""
        of = self.labelled
        return {"labelled": of, "before": self.before / of if of else None, "after": self.after / of if of else None}
