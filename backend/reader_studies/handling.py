"""What is particular to the job that prepares a study: its order, and the opening of the study at its end."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from backend.audit.chain import timestamp
from backend.audit.service import Subject, record
from backend.core.kept import keep_stored
from backend.db.base import new_id, now
from backend.db.job_tables import JobRow
from backend.db.session import on_commit
from backend.db.study_tables import ReaderStudy, StudyCase, StudyProtocol
from backend.jobs import repository as jobs
from backend.jobs.handling import JobHandler, JobRefused, Surroundings
from backend.jobs.leasing import Claim
from backend.model_registry.presenting import has_files
from backend.reader_studies import protocols, publication_repository, repository
from backend.reader_studies.building import source_model
from backend.reader_studies.demonstration import simulate
from backend.reader_studies.design import StudyCaseRef, StudyDesign
from backend.reader_studies.items import CONCEPT
from backend.reader_studies.job_order import (
    FOLDER,
    OUT,
    REQUESTED,
    RESULT,
    Made,
    MadeItem,
    PublicationOrder,
    remove_left,
)
from backend.reader_studies.orders import assign
from backend.reader_studies.sources import Source, resolve

STOPPED = "The study is not being published any more."
IMAGE_GONE = "Image {number} of the study was deleted meanwhile. Take it out of the study and publish it again."
MODEL_GONE = "The files of the model {name} are gone; put them back, or choose another version."
NOT_READABLE = "What was prepared cannot be read; publish the study again."


class StudyHandler(JobHandler):
    """Of ``JobKind.STUDY``."""

    def prepare(self, session: Session, job: JobRow, around: Surroundings) -> dict[str, Any]:
        study = _publishing(session, job)
        design = StudyDesign.model_validate(study.design)
        sources = resolve(session, around.library, design.cases)
        return PublicationOrder(
            study_id=study.id,
            design=study.design,
            models=_models(session, design),
            cases=[
                _case(number, ref, found)
                for number, (ref, found) in enumerate(zip(design.cases, sources, strict=True), 1)
            ],
            storage=str(around.settings.storage_dir),
            key=f"{FOLDER}/{study.id}/{_part(job.id, job.token)}",
            device=around.device,
            out=str(around.work / OUT),
        ).to_json()

    def gather(self, claim: Claim, content: dict[str, Any], around: Surroundings) -> dict[str, Any]:  # noqa: ARG002
        """The copies of the images lie under the claim's token already: the child writes them one by one, since all of
        them at once could take longer than the lease.
        """
        try:
            made = Made.model_validate(json.loads((Path(content["out"]) / RESULT).read_text("utf-8")))
        except (ValueError, OSError) as error:
            raise JobRefused(NOT_READABLE) from error
        return content | {"made": made}

    def discard(self, session: Session, claim: Claim, around: Surroundings) -> None:
        study = publication_repository.of_job(session, claim.job_id)
        if study is not None and study.status == "publishing":
            around.storage.delete_all(f"{FOLDER}/{study.id}/{_part(claim.job_id, claim.token)}")

    def finish(self, session: Session, job: JobRow, content: dict[str, Any], around: Surroundings) -> None:
        study, order, made = _publishing(session, job), PublicationOrder.of(content), content["made"]
        ids = _write_cases(session, study, order, made)
        publication_repository.add_items(session, [_item_values(study, item, ids) for item in made.items])
        study.status, study.published_at = "open", now()
        protocol = _write_protocol(session, study, order, made, _author(session, job))
        readers = [
            reader for reader in publication_repository.readers(session, study.id) if reader.status != "withdrawn"
        ]
        for reader in readers:
            assign(session, study, reader)
        if study.demonstration:
            simulate(session, study)
        told = {"version": 1, "hash": protocol.hash, "items": len(made.items), "readers": len(readers)}
        record(session, "reader_study.opened", Subject("reader_study", study.id), after=told)
        keep_stored(session, around.storage, f"{FOLDER}/{study.id}", _part(job.id, job.token))
        on_commit(session, lambda: shutil.rmtree(content["out"], ignore_errors=True))

    def ended(self, session: Session, job: JobRow, around: Surroundings) -> None:
        """Nothing is kept: publishing it again starts from the beginning."""
        study = publication_repository.of_job(session, job.id)
        if study is None:
            return
        study_id = study.id
        if study.status == "publishing":
            study.status = "draft"
            if job.status == "failed":  # who cancels it has it recorded then
                told = {"error": job.error}
                record(session, "reader_study.failed", Subject("reader_study", study_id), after=told)
        on_commit(session, lambda: remove_left(around.settings.jobs_dir, around.storage, study_id, job.id))


def _part(job_id: str, token: int) -> str:
    """Of the storage: of one attempt at one job, since a study that is published again has another job."""
    return f"{job_id}-{token}"


def _publishing(session: Session, job: JobRow) -> ReaderStudy:
    study = publication_repository.of_job(session, job.id)
    if study is None or study.status != "publishing":
        raise JobRefused(STOPPED)
    return study


def _models(session: Session, design: StudyDesign) -> list[dict[str, Any]]:
    """Those of the arms that tasks have, and those whose classes and concepts they ask for."""
    arms = {arm.key: arm.model_version_id for arm in design.arms}
    used = [arms.get(key) for task in design.tasks for key in task.arm_keys]
    used += [source_model(design, task) for task in design.tasks]
    wanted = list(dict.fromkeys(model_id for model_id in used if model_id is not None))
    rows = repository.models(session, wanted)
    found = []
    for model_id in wanted:
        row = rows.get(model_id)
        if row is None or not has_files(row.folder):
            raise JobRefused(MODEL_GONE.format(name=row.name if row else model_id))
        told = {name: getattr(row, name) for name in ("id", "name", "folder", "weights_digest", "concept_set_digest")}
        found.append(told)
    return found


def _case(number: int, ref: StudyCaseRef, source: Source | None) -> dict[str, Any]:
    if source is None:
        raise JobRefused(IMAGE_GONE.format(number=number))
    where: dict[str, str | None]
    if ref.case_id is not None:
        where = {"case_id": ref.case_id}
    else:
        where = {"dataset_id": ref.dataset_id, "split": ref.split, "image": ref.image}
    return {
        "place": source.place.to_json(),
        "source": where,
        "label": source.label,
        "dataset": source.dataset,
        "class_key": ref.truth_class or source.class_key,
        "synthetic": source.synthetic,
    }


def _write_cases(session: Session, study: ReaderStudy, order: PublicationOrder, made: Made) -> dict[int, str]:
    """Ids by number."""
    design = StudyDesign.model_validate(order.design)
    there = repository.cases(session, [ref.case_id for ref in design.cases if ref.case_id is not None])
    rows = []
    for ref, case, copy in zip(design.cases, order.cases, made.cases, strict=True):
        if ref.case_id is not None and ref.case_id not in there:
            raise JobRefused(IMAGE_GONE.format(number=copy.number))
        rows.append(
            StudyCase(
                id=new_id(),
                study_id=study.id,
                number=copy.number,
                case_id=ref.case_id,
                dataset=case["dataset"],
                source=case["source"] | {"label": case["label"]},
                truth_class=case["class_key"],
                practice=ref.practice,
                synthetic=case["synthetic"],
                **copy.model_dump(include={"width", "height", "sha256", "image_key"}),
            )
        )
    session.add_all(rows)
    session.flush()
    return {row.number: row.id for row in rows}


def _item_values(study: ReaderStudy, item: MadeItem, case_ids: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "study_id": study.id,
        "study_case_id": case_ids[item.case_number],
        **item.model_dump(mode="json", exclude={"case_number"}),
    }


def _write_protocol(
    session: Session, study: ReaderStudy, order: PublicationOrder, made: Made, author_id: str | None
) -> StudyProtocol:
    document = protocols.first_document(
        study.id,
        order.design,
        [{name: value for name, value in model.items() if name != "folder"} for model in order.models],
        [_case_entry(order, made, place) for place in range(len(made.cases))],
        [_item_entry(item) for item in made.items],
        software=protocols.software(),
        published_at=timestamp(study.published_at or now()),
    )
    row = StudyProtocol(
        study_id=study.id,
        version=1,
        document=document,
        hash=protocols.hash_of(document),
        reason=protocols.FIRST,
        author_id=author_id,
    )
    session.add(row)
    session.flush()
    return row


def _case_entry(order: PublicationOrder, made: Made, place: int) -> dict[str, Any]:
    case, copy = order.cases[place], made.cases[place]
    return {
        "number": copy.number,
        "dataset": case["dataset"],
        "source": case["source"],
        "sha256": copy.sha256,
        "width": copy.width,
        "height": copy.height,
        "truth_class": case["class_key"],
        "practice": bool(order.design["cases"][place]["practice"]),
        "synthetic": case["synthetic"],
    }


def _item_entry(item: MadeItem) -> dict[str, Any]:
    """Without pixels and words, which follow from the design; the map's digest is in the truth."""
    offered = next((question.options for question in item.content.questions if question.key == CONCEPT), [])
    return item.model_dump(mode="json", exclude={"content"}) | {"choices": [option.key for option in offered]}


def _author(session: Session, job: JobRow) -> str | None:
    events = jobs.list_events(session, job.id, kind=REQUESTED)
    return events[-1].data["user_id"] if events else None
