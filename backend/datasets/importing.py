"""What an import does, whoever runs it: a process of its own today, a worker of a queue some day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from models.concepts import ConceptSet
from models.data.adapters.registry import find_adapter
from models.data.adapters.settings import AdapterSettings
from models.data.importing import ImportOptions, ImportProgress, import_dataset


@dataclass(frozen=True)
class ImportJob:
    """Everything an import needs to know. JSON values only.

    Attributes:
        name: of the data set.
        adapter: name of the adapter.
        source: the folder to read.
        out: the folder to make.
        fractions: of train, validation and test.
        published_split: keep the publisher's split.
        concept_set: content of the one to read it with; None: the adapter's.
        columns: for the generic adapters.
    """

    name: str
    adapter: str
    source: str
    out: str
    fractions: tuple[float, float, float]
    published_split: bool
    concept_set: dict[str, Any] | None
    columns: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)


def run_import(job: ImportJob, progress: Callable[[ImportProgress], None]) -> None:
    """Makes the folder ``job.out``, as a whole or not at all.

    Raises:
        DataError: the message says what is missing or wrong.
    """
    settings = AdapterSettings(**job.columns) if job.columns else None
    first, second, third = job.fractions
    options = ImportOptions(
        fractions=(first, second, third),
        published_split=job.published_split,
        concept_set=None if job.concept_set is None else ConceptSet.model_validate(job.concept_set),
    )
    import_dataset(
        find_adapter(job.adapter, settings), Path(job.source), Path(job.out), job.name, options, progress=progress
    )
