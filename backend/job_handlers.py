"""Which domain handles which kind of job. Known to the application and to workers, to no domain."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from backend.comparisons.handling import ComparisonHandler
from backend.core.settings import Settings
from backend.core.storage import Storage
from backend.datasets.library import DatasetLibrary
from backend.db.job_tables import JobRow
from backend.diagnoses.handling import DiagnosisHandler
from backend.evidence.handling import EvidenceHandler
from backend.jobs.handling import JobHandler, Surroundings
from backend.jobs.kinds import JobKind
from backend.reader_studies.handling import StudyHandler
from backend.training_runs.handling import TrainingHandler

HANDLERS: dict[JobKind, JobHandler] = {
    JobKind.TRAINING: TrainingHandler(),
    JobKind.DIAGNOSIS: DiagnosisHandler(),
    JobKind.COMPARISON: ComparisonHandler(),
    JobKind.STUDY: StudyHandler(),
    JobKind.EVIDENCE: EvidenceHandler(),
}


def on_given_up(settings: Settings, storage: Storage, library: DatasetLibrary) -> Callable[[Session, JobRow], None]:
    """What the server does with a job that has failed because its workers were lost; a worker does it with others."""

    def given_up(session: Session, job: JobRow) -> None:
        around = Surroundings(settings, storage, library, settings.jobs_dir / job.id, device=job.device or "")
        HANDLERS[JobKind(job.kind)].ended(session, job, around)

    return given_up
