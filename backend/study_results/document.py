"""A study with all answers as one JSON document, and back again without loss."""

from __future__ import annotations

import json
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pydantic import BaseModel, Field, ValidationError, field_validator

from backend.core.schemas import Create
from backend.reader_studies.design import StudyDesign
from backend.reader_studies.items import ItemContent, ItemTruth
from backend.study_results.data import AmendmentData, AnswerData, ItemData, OrderEntry, RaterData, StudyData
from models.explain.export import NOT_FOR_DIAGNOSIS

FORMAT = "vitrine-reader-study-export/1"
# What figures are computed with.
LIBRARIES = ("numpy", "scipy", "krippendorff", "pingouin", "scikit-learn", "statsmodels", "matplotlib", "reportlab")


class DocumentInvalid(ValueError):
    """The file is no export of a reader study; the message says why."""


class _Study(Create):
    id: str
    demonstration: bool
    status: str


class _Protocol(Create):
    hash: str
    document: dict[str, Any]

    @field_validator("document")
    @classmethod
    def _can_be_read(cls, document: dict[str, Any]) -> dict[str, Any]:
        _Readable.model_validate(document)
        return document


class _Model(BaseModel):
    id: str
    name: str


class _Case(BaseModel):
    number: int
    dataset: str | None
    truth_class: str | None
    practice: bool
    synthetic: bool


class _Numbered(BaseModel):
    number: int


class _Readable(BaseModel):
    """What results and reports need of a protocol, whatever else stands in it."""

    version: int
    published_at: datetime
    design: StudyDesign
    models: list[_Model]
    cases: list[_Case]
    items: list[_Numbered]


class _Place(Create):
    session: int
    position: int
    item: int
    repeated: bool


class _Reader(Create):
    code: str
    simulated: bool
    status: str
    profile: dict[str, Any] | None
    order_digest: str | None
    order: list[_Place]


class _Item(Create):
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


class _Amendment(Create):
    answers: dict[str, Any]
    cannot_judge: bool
    reason: str
    created_at: datetime


class _Answer(Create):
    reader: str
    item: int
    session: int
    position: int
    repeated: bool
    answers: dict[str, Any]
    cannot_judge: bool
    comment: str
    active_seconds: float = Field(ge=0, allow_inf_nan=False)
    idle_seconds: float = Field(ge=0, allow_inf_nan=False)
    opened_at: datetime
    submitted_at: datetime
    protocol_version: int
    amendments: list[_Amendment]


class Document(Create):
    """The whole file."""

    format: str = Field(pattern=r"^vitrine-reader-study-export/1$")
    notice: str
    exported_at: datetime
    software: dict[str, str | None]
    study: _Study
    protocols: list[_Protocol] = Field(min_length=1)
    readers: list[_Reader]
    items: list[_Item]
    answers: list[_Answer]


def as_json(data: StudyData, exported_at: datetime) -> bytes:
    """The document, indented, UTF-8."""
    document = Document(
        format=FORMAT,
        notice=NOT_FOR_DIAGNOSIS,
        exported_at=exported_at,
        software=software(),
        study=_Study(id=data.study_id, demonstration=data.demonstration, status=data.status),
        protocols=[
            _Protocol(hash=digest, document=document)
            for digest, document in zip(data.hashes, data.protocols, strict=True)
        ],
        readers=[_Reader.model_validate(each, from_attributes=True) for each in data.readers],
        items=[_Item.model_validate(each, from_attributes=True) for each in data.items],
        answers=[_Answer.model_validate(each, from_attributes=True) for each in data.answers],
    )
    # Not pydantic's own writer: the protocols hold whatever they hold, and floats must come back as they were.
    content = document.model_dump(mode="json")
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def parse(content: bytes) -> Document:
    """The document as it stands in a file. Raises ``DocumentInvalid``."""
    try:
        found = json.loads(content)
    except ValueError as error:
        raise DocumentInvalid(f"it is not JSON ({error})") from error
    try:
        return Document.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "the document"
        raise DocumentInvalid(f"it is no export of a reader study ({place}: {first['msg']})") from error


def to_data(document: Document) -> StudyData:
    """What it holds, as from the database. Raises ``DocumentInvalid`` where answers have no item or reader."""
    data = StudyData(
        study_id=document.study.id,
        demonstration=document.study.demonstration,
        status=document.study.status,
        protocols=tuple(each.document for each in document.protocols),
        hashes=tuple(each.hash for each in document.protocols),
        readers=tuple(
            RaterData(**_fields(each, "order"), order=tuple(OrderEntry(**_fields(place)) for place in each.order))
            for each in document.readers
        ),
        items=tuple(ItemData(**_fields(each)) for each in document.items),
        answers=tuple(
            AnswerData(
                **_fields(each, "amendments"),
                amendments=tuple(AmendmentData(**_fields(change)) for change in each.amendments),
            )
            for each in document.answers
        ),
    )
    items, readers = {item.number for item in data.items}, {reader.code for reader in data.readers}
    for answer in data.answers:
        if answer.item not in items or answer.reader not in readers:
            raise DocumentInvalid(f"an answer of {answer.reader} is to item {answer.item}, and one of them is missing")
    return data


def software() -> dict[str, str | None]:
    """Versions of what makes the figures; None for what is not installed."""
    return {
        "vitrine": _version("vitrine"),
        "python": platform.python_version(),
        **{name: _version(name) for name in LIBRARIES},
    }


def now() -> datetime:
    """In UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _fields(each: Create, *without: str) -> dict[str, Any]:
    return {name: getattr(each, name) for name in type(each).model_fields if name not in without}
