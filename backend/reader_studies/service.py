"""Studies and their designs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.datasets.library import DatasetLibrary
from backend.db.base import new_id
from backend.db.study_tables import ReaderStudy
from backend.people.names import Names
from backend.reader_studies import checking, repository
from backend.reader_studies.blinding import current_design, is_blinded, require_unblinded, results_visibility
from backend.reader_studies.errors import StudyChanged, StudyFrozen
from backend.reader_studies.items import ItemTruth
from backend.reader_studies.members import require_member, require_runner
from backend.reader_studies.planning import plan_of
from backend.reader_studies.repository import Counts
from backend.reader_studies.schemas import (
    PublicationProgress,
    StudyCreate,
    StudyItemList,
    StudyItemRead,
    StudyList,
    StudyRead,
    StudyRole,
    StudySummary,
    StudyUpdate,
)
from backend.resources import Resources

WAITS = "Waiting for its turn"
_NOTHING = Counts()


def list_studies(session: Session) -> StudyList:
    """Those that one runs or observes, newest first; all of them for administrators. Not those that one only reads."""
    principal = current()
    found = repository.list_run(session, None if principal.is_administrator else principal.user_id)
    return StudyList(items=[StudySummary(**told) for told in _summaries(session, found)])


def create(session: Session, resources: Resources, body: StudyCreate) -> StudyRead:
    """A new draft, complete or not."""
    study = ReaderStudy(
        id=new_id(),
        title=body.design.title,
        status="draft",
        design=body.design.model_dump(mode="json"),
        revision=1,
        owner_id=current().user_id,
    )
    session.add(study)
    told = {"title": study.title} | ({"copy_of": body.copy_of} if body.copy_of else {})
    record(session, "reader_study.created", Subject("reader_study", study.id), after=told)
    return read_study(session, study, resources.library)


def get(session: Session, resources: Resources, study_id: str) -> StudyRead:
    """Raises ``StudyNotFound``."""
    return read_study(session, require_member(session, study_id), resources.library)


def update(session: Session, resources: Resources, study_id: str, body: StudyUpdate) -> StudyRead:
    """Saves a draft, complete or not. What is the same already stays at its revision.

    Raises:
        StudyNotFound, StudyNotYours: as ``members.require_runner``.
        StudyFrozen: it is published, or being prepared.
        StudyChanged: the changes were made to another revision.
    """
    study = require_runner(session, study_id, lock=True)
    if study.status != "draft":
        raise StudyFrozen
    if study.revision != body.revision:
        raise StudyChanged
    design = body.design.model_dump(mode="json")
    changed = sorted(name for name, value in design.items() if study.design.get(name) != value)
    if changed:
        study.design, study.title, study.revision = design, body.design.title, study.revision + 1
        told = {"revision": study.revision, "changed": changed}
        record(session, "reader_study.updated", Subject("reader_study", study.id), after=told)
    return read_study(session, study, resources.library)


def list_items(session: Session, study_id: str) -> StudyItemList:
    """By number; none before publication. Raises ``StudyNotFound`` and ``StillReading``."""
    study = require_member(session, study_id)
    require_unblinded(session, study)
    kinds = {task.key: task.kind for task in current_design(session, study).tasks}
    read = []
    for item in repository.items(session, study_id):
        case = item.study_case
        read.append(
            StudyItemRead(
                number=item.number,
                task_key=item.task_key,
                kind=kinds[item.task_key],
                arm_key=item.arm_key,
                case_number=case.number,
                case_label=label_of(case.source, case.number),
                dataset=case.dataset,
                practice=item.practice,
                option_id=item.option_id,
                truth=ItemTruth.model_validate(item.truth),
            )
        )
    return StudyItemList(items=read)


def read_study(session: Session, study: ReaderStudy, library: DatasetLibrary | None = None) -> StudyRead:
    """A study as the contract shows it to the one who asks, who is a member.

    Args:
        session: to read with.
        study: of it.
        library: where images of data sets are looked up for the problems of a draft; without, a draft has none told.
    """
    session.flush()
    design = current_design(session, study)
    draft = study.status == "draft"
    concept_sets = checking.concept_sets_of(session, design)
    problems = checking.problems_of(session, library, study, design) if draft and library is not None else []
    (summary,) = _summaries(session, [study])
    progress, error = _preparing(session, study)
    plan = plan_of(design, concept_sets)
    if is_blinded(session, study):  # with the true classes, and names that may tell them
        design = design.model_copy(update={"cases": []})
    return StudyRead(
        **summary,
        design=design,
        revision=study.revision,
        problems=problems,
        plan=plan,
        progress=progress,
        error=error,
        protocol_hash=repository.protocol_hash(session, study.id),
        results=results_visibility(session, study),
    )


def label_of(source: Mapping[str, Any], number: int) -> str:
    """What the coordinator calls an image of a published study."""
    return str(source.get("label") or f"Image {number}")


def _preparing(session: Session, study: ReaderStudy) -> tuple[PublicationProgress | None, str | None]:
    """How far it is, or why the last attempt failed."""
    job = repository.job(session, study.job_id) if study.job_id else None
    if job is None or study.status not in ("draft", "publishing"):
        return None, None
    if study.status == "draft":
        return None, job.error if job.status == "failed" else None
    told = job.progress or {}
    stage, done, total = told.get("stage", WAITS), told.get("done", 0), told.get("total", 0)
    return PublicationProgress(stage=stage, done=done, total=total), None


def _summaries(session: Session, studies: Sequence[ReaderStudy]) -> list[dict[str, Any]]:
    ids = [study.id for study in studies]
    counts = repository.counts(session, ids)
    names = Names(session, (study.owner_id for study in studies))
    user_id = current().user_id
    roles = repository.roles(session, ids, user_id) if user_id else {}
    return [
        {
            "id": study.id,
            "title": study.title,
            "status": study.status,
            "demonstration": study.demonstration,
            "role": StudyRole.OWNER if user_id and study.owner_id == user_id else roles.get(study.id),
            "owner": names.ref_or_none(study.owner_id),
            "cases": sum(not ref["practice"] for ref in study.design.get("cases", ())),
            **counts.get(study.id, _NOTHING)._asdict(),
            "created_at": study.created_at,
            "published_at": study.published_at,
            "closed_at": study.closed_at,
        }
        for study in studies
    ]
