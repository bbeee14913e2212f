"""Freezing a design and having its items prepared."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.db.session import on_commit
from backend.jobs import repository as job_rows
from backend.jobs import service as jobs
from backend.jobs.kinds import JobKind
from backend.reader_studies import checking, protocols
from backend.reader_studies.design import StudyDesign
from backend.reader_studies.errors import StudyFrozen, StudyIncomplete, StudyNotOpen
from backend.reader_studies.job_order import REQUESTED, remove_left
from backend.reader_studies.members import require_runner
from backend.reader_studies.schemas import StudyRead
from backend.reader_studies.service import read_study
from backend.resources import Resources

NOT_PUBLISHING = "The study is not being prepared, so there is nothing to stop; reload the page to see how it stands."


def publish(session: Session, resources: Resources, study_id: str) -> StudyRead:
    """Has the items prepared; the study opens once they are there.

    Raises:
        StudyNotFound, StudyNotYours: as ``members.require_runner``.
        StudyFrozen: it is published already.
        StudyIncomplete: with everything that is missing.
        QueueFull: too many short jobs wait.
    """
    study = require_runner(session, study_id, lock=True)
    if study.status != "draft":
        raise StudyFrozen
    design = StudyDesign.model_validate(study.design)
    problems = checking.problems_of(session, resources.library, study, design)
    missing = [problem.text for problem in problems if problem.severity == "error"]
    if missing:
        raise StudyIncomplete(" ".join(missing))
    jobs.require_room(session, JobKind.STUDY)
    job = jobs.enqueue(session, JobKind.STUDY)
    job_rows.append(session, job.id, REQUESTED, {"user_id": current().user_id})
    study.status, study.job_id = "publishing", job.id
    told = {"revision": study.revision, "design": protocols.hash_of(study.design)}
    record(session, "reader_study.published", Subject("reader_study", study.id), after=told)
    on_commit(session, resources.jobs.wake)
    return read_study(session, study, resources.library)


def cancel(session: Session, resources: Resources, study_id: str) -> StudyRead:
    """Stops preparing; the study is a draft again.

    Raises:
        StudyNotFound, StudyNotYours: as ``members.require_runner``.
        StudyNotOpen: it is not being prepared.
    """
    study = require_runner(session, study_id, lock=True)
    if study.status != "publishing" or study.job_id is None:
        raise StudyNotOpen(NOT_PUBLISHING)
    job_id = study.job_id
    job = job_rows.lock(session, job_id)
    waited = job is None or job.status != "running"
    if job is not None and job.status in ("queued", "running"):
        jobs.cancel(session, job_id)
    study.status = "draft"
    if waited:  # an earlier attempt may have left something; of one that runs the worker removes it, its child first
        on_commit(session, lambda: remove_left(resources.settings.jobs_dir, resources.storage, study_id, job_id))
    record(session, "reader_study.cancelled", Subject("reader_study", study.id), after={"status": "draft"})
    return read_study(session, study, resources.library)
