"""What is particular to the job of a diagnosis: its order, and what a list says of its result."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from sqlalchemy.orm import Session

from backend.db.job_tables import DiagnosisRow
from backend.diagnoses import repository, results
from backend.diagnoses.orders import DiagnosisOrder
from backend.jobs.handling import JobRefused, Surroundings
from backend.jobs.kept_results import KeptResultHandler, made_in
from backend.jobs.leasing import Claim
from backend.model_registry import repository as models
from backend.model_registry.presenting import has_files
from models.diagnose.results import FlagKind

MODEL_GONE = "The model's files are gone; put them back, or diagnose another version."


class DiagnosisHandler(KeptResultHandler[DiagnosisRow]):
    """Of ``JobKind.DIAGNOSIS``."""

    folder, subject, what = "diagnoses", "diagnosis", "diagnosis"

    def find(self, session: Session, job_id: str) -> DiagnosisRow | None:
        return repository.row(session, job_id)

    def order(self, session: Session, row: DiagnosisRow, dataset: str, around: Surroundings) -> dict[str, Any]:
        model = models.get(session, row.model_version_id)
        if model is None or not has_files(model.folder):
            raise JobRefused(MODEL_GONE)
        return DiagnosisOrder(
            model=model.folder,
            model_version_id=model.id,
            dataset=dataset,
            **{name: row.settings[name] for name in ("split", "drawn", "seed")},
            device=around.device,
            out=made_in(around),
        ).to_json()

    def summarise(self, made: Path, claim: Claim, content: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        found = results.read_made(made, claim.job_id).result
        flags = {kind: len({flag.option for flag in found.flags if flag.kind == kind}) for kind in get_args(FlagKind)}
        return {"flags": flags, "images": found.images}
