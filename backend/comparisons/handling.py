"""What is particular to the job of a comparison: its order, and what a list says of its result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.comparisons import repository, results
from backend.comparisons.orders import ComparisonOrder
from backend.db.job_tables import ComparisonRow
from backend.jobs.handling import JobRefused, Surroundings
from backend.jobs.kept_results import KeptResultHandler, made_in
from backend.jobs.leasing import Claim
from backend.model_registry import repository as models
from backend.model_registry.presenting import has_files

MODEL_GONE = "The files of the model {name} are gone; put them back, or compare another version."


class ComparisonHandler(KeptResultHandler[ComparisonRow]):
    """Of ``JobKind.COMPARISON``."""

    folder, subject, what = "comparisons", "comparison", "comparison"

    def find(self, session: Session, job_id: str) -> ComparisonRow | None:
        return repository.row(session, job_id)

    def order(self, session: Session, row: ComparisonRow, dataset: str, around: Surroundings) -> dict[str, Any]:
        return ComparisonOrder(
            model_a=_folder(session, row.model_a_id),
            model_a_id=row.model_a_id,
            model_b=_folder(session, row.model_b_id),
            model_b_id=row.model_b_id,
            dataset=dataset,
            **{name: row.settings[name] for name in ("split", "drawn", "seed")},
            out=made_in(around),
        ).to_json()

    def summarise(self, made: Path, claim: Claim, content: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        found = results.read_made(made, claim.job_id).comparison
        return {"sentence": found.summary, "images": found.data.images, "changed": len(found.changed)}


def _folder(session: Session, model_version_id: str) -> str:
    model = models.get(session, model_version_id)
    if model is None or not has_files(model.folder):
        raise JobRefused(MODEL_GONE.format(name=model_version_id if model is None else model.name))
    return model.folder
