"""Model versions in the form of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.db.tables import ModelVersion
from backend.model_registry import repository
from backend.model_registry.ids import version_id
from backend.model_registry.schemas import ClassRead, ConceptSetSummary, VersionRef
from backend.predictions.inference import InferenceService


def present(session: Session, rows: Sequence[ModelVersion], inference: InferenceService) -> list[dict[str, Any]]:
    """The fields of ``ModelVersionRead``, in a few queries however many versions there are."""
    runs = repository.training_runs(session, (row.id for row in rows))
    parents = {row.id: parent for row in rows if (parent := parent_of(row.metrics)) is not None}
    names = repository.names(session, parents.values()) if parents else {}
    returning = _can_roll_back(session, (row.id for row in rows if row.active))
    return [
        _own(row, inference)
        | {
            "training_run_id": runs.get(row.id),
            "parent": _ref(parents.get(row.id), names),
            "can_roll_back": row.id in returning,
        }
        for row in rows
    ]


def concept_set_summary(row: ModelVersion) -> ConceptSetSummary:
    """Which concepts the version reasons with."""
    concept_set = row.concept_set
    return ConceptSetSummary(
        name=concept_set["name"],
        version=concept_set["version"],
        title=concept_set["title"],
        digest=row.concept_set_digest,
    )


def parent_of(metrics: Mapping[str, Any]) -> str | None:
    """Id of the version that a model was retrained from, whether it is registered or not; None if it says nothing."""
    found: Any = metrics
    for name in ("lineage", "parent", "weights"):
        found = found.get(name) if isinstance(found, Mapping) else None
    return version_id(found) if isinstance(found, str) else None


def has_files(folder: str) -> bool:
    """Whether the folder still holds a checkpoint."""
    return (Path(folder) / "config.json").is_file()


def _can_roll_back(session: Session, active: Iterable[str]) -> set[str]:
    """Ids of the active versions whose predecessor is known and still there."""
    latest = repository.latest_activations(session, active)
    before = {key: row.previous_id for key, row in latest.items() if row.previous_id is not None}
    folders = repository.folders(session, before.values()) if before else {}
    return {key for key, previous in before.items() if previous in folders and has_files(folders[previous])}


def _ref(model_version_id: str | None, names: Mapping[str, str]) -> VersionRef | None:
    if model_version_id is None or model_version_id not in names:
        return None
    return VersionRef(id=model_version_id, name=names[model_version_id])


def _own(row: ModelVersion, inference: InferenceService) -> dict[str, Any]:
    explainer = inference.loaded(row.id)
    return {
        "id": row.id,
        "name": row.name,
        "dataset": row.dataset,
        "concept_set": concept_set_summary(row),
        "active": row.active,
        "synthetic": row.synthetic,
        "device": explainer.device if explainer else None,
        "precision": explainer.precision if explainer else None,
        "metrics": row.metrics,
        "classes": [ClassRead.model_validate(label) for label in row.concept_set["classes"]],
        "created_at": row.created_at,
    }
