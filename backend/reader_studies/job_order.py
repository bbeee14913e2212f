"""What the process that prepares a study is told, and what it leaves."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from backend.core.storage import Storage
from backend.reader_studies.items import ItemContent, ItemTruth

FOLDER = "reader-studies"  # in the storage
OUT = "result"  # in the job's folder
REQUESTED = "requested"  # an event of the job: who published
RESULT = "result.json"


@dataclass(frozen=True)
class PublicationOrder:
    """Everything that preparing a study needs to know. JSON values only.

    Attributes:
        study_id: of the row.
        design: as it was when the study was published.
        models: of each model version: id, name, folder, weights_digest, concept_set_digest.
        cases: of each image of the design, in its order: place, source, dataset, label, class_key, synthetic.
        storage: folder of the storage, which images are read from and copied to.
        key: prefix of this attempt's copies there.
        device: as torch names it.
        out: folder for the result.
    """

    study_id: str
    design: dict[str, Any]
    models: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    storage: str
    key: str
    device: str
    out: str

    def to_json(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> PublicationOrder:
        """From what that process was given; it may hold more."""
        return cls(**{field.name: content[field.name] for field in fields(cls)})


class _Made(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MadeCase(_Made):
    """A copy of an image. ``sha256`` is of the file."""

    number: int
    width: int
    height: int
    sha256: str
    image_key: str


class MadeItem(_Made):
    """An item; ``case_number`` from 1."""

    number: int
    unit: int
    task_key: str
    arm_key: str
    case_number: int
    practice: bool
    option_id: str | None
    content: ItemContent
    truth: ItemTruth


class Made(_Made):
    """What preparing has made."""

    cases: list[MadeCase]
    items: list[MadeItem]


def remove_left(jobs_dir: Path, storage: Storage, study_id: str, job_id: str) -> None:
    """What attempts at a job have left; not what a later job for the same study has made."""
    shutil.rmtree(jobs_dir / job_id / OUT, ignore_errors=True)
    for name in list(storage.list_owners(f"{FOLDER}/{study_id}", older_than=0)):
        if name.startswith(job_id):
            storage.delete_all(f"{FOLDER}/{study_id}/{name}")
