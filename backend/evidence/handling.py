"""What is particular to the job of a measurement: its order, and what a list says of its result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.db.base import now
from backend.db.job_tables import EvidenceRow
from backend.evidence import repository, results
from backend.evidence.orders import EvidenceOrder
from backend.jobs.handling import JobRefused, Surroundings
from backend.jobs.kept_results import KeptResultHandler, made_in
from backend.jobs.leasing import Claim
from backend.model_registry import repository as models
from backend.model_registry.ids import version_id
from backend.model_registry.presenting import has_files

MODEL_GONE = "The model's files are gone; put them back, or measure another version."


class EvidenceHandler(KeptResultHandler[EvidenceRow]):
    """Of ``JobKind.EVIDENCE``."""

    folder, subject, what = "evidence", "evidence", "measurement"

    def find(self, session: Session, job_id: str) -> EvidenceRow | None:
        return repository.row(session, job_id)

    def order(self, session: Session, row: EvidenceRow, dataset: str, around: Surroundings) -> dict[str, Any]:
        model = models.get(session, row.model_version_id)
        if model is None or not has_files(model.folder):
            raise JobRefused(MODEL_GONE)
        return EvidenceOrder(
            model=model.folder,
            model_version_id=model.id,
            dataset=dataset,
            **{name: row.settings[name] for name in ("split", "drawn", "seed")},
            out=made_in(around),
        ).to_json()

    def summarise(self, made: Path, claim: Claim, content: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        found = results.read_made(made)
        if version_id(found.weights_digest) != content["model_version_id"]:
            raise ValueError("the evidence is of other weights")
        return {"images": found.tested_on.images}

    def settle(self, row: EvidenceRow) -> None:
        row.measured_at = now()
