"""Everything that results and exports are made of, as plain values: from the database, or from an exported file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.reader_studies.items import ItemContent, ItemTruth


@dataclass(frozen=True)
class RaterData:
    """A reader. ``order``: item numbers of each session, as stored; ``repeated`` marks second showings."""

    code: str
    simulated: bool
    status: str
    profile: dict[str, Any] | None
    order_digest: str | None
    order: tuple[OrderEntry, ...]


@dataclass(frozen=True)
class OrderEntry:
    """One place in a reader's order."""

    session: int
    position: int
    item: int
    repeated: bool


@dataclass(frozen=True)
class ItemData:
    """An item. ``concept``: words of its option, such as "Margin: spiculated"; None where none is asked about."""

    number: int
    task_key: str
    arm_key: str
    unit: int
    case_number: int
    dataset: str | None
    practice: bool
    option_id: str | None
    concept: str | None
    content: ItemContent
    truth: ItemTruth


@dataclass(frozen=True)
class AmendmentData:
    """A correction of a locked answer."""

    answers: dict[str, Any]
    cannot_judge: bool
    reason: str
    created_at: datetime


@dataclass(frozen=True)
class AnswerData:
    """A locked answer. ``seconds`` are those of the browser, idle ones apart."""

    reader: str
    item: int
    session: int
    position: int
    repeated: bool
    answers: dict[str, Any]
    cannot_judge: bool
    comment: str
    active_seconds: float
    idle_seconds: float
    opened_at: datetime
    submitted_at: datetime
    protocol_version: int
    amendments: tuple[AmendmentData, ...]


@dataclass(frozen=True)
class StudyData:
    """One study with all that was answered.

    Attributes:
        study_id: of the row.
        demonstration: its readers were simulated.
        status: of the study.
        protocols: every version's document, oldest first; the last one holds.
        hashes: of them.
        readers: withdrawn ones too.
        items: by number.
        answers: in the order in which they were given.
    """

    study_id: str
    demonstration: bool
    status: str
    protocols: tuple[dict[str, Any], ...]
    hashes: tuple[str, ...]
    readers: tuple[RaterData, ...]
    items: tuple[ItemData, ...]
    answers: tuple[AnswerData, ...]
