"""A small study as publication leaves it, with true hashes and orders, and its rows in a database."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from backend.db.study_tables import (
    ReaderStudy,
    ResponseAmendment,
    StudyAssignment,
    StudyCase,
    StudyItem,
    StudyProtocol,
    StudyReader,
    StudyResponse,
)
from backend.reader_studies import orders, protocols
from backend.reader_studies.design import StudyDesign, Task
from backend.reader_studies.items import MapPixels
from backend.reader_studies.stimuli import sha256_of
from backend.study_results.data import OrderEntry, RaterData, StudyData
from tests.support.example_study import random_answers
from tests.support.people import ADMINISTRATOR, COORDINATOR, OTHER_READER, READER, RESEARCHER
from tests.support.study_data import (
    ALIGNMENT,
    ALONE,
    CLASSES,
    CONCEPTS,
    DIAGNOSIS,
    LOCALIZATION,
    QUESTIONS,
    REAL,
    SHAM,
    START,
    StudyBuilder,
    design,
)

RATERS = (READER, OTHER_READER, RESEARCHER, ADMINISTRATOR)
EVIL = '=HYPERLINK("http://evil.example")'
ALL_TASKS = (LOCALIZATION, ALIGNMENT, DIAGNOSIS, QUESTIONS)


def published_study(
    readers: int = 3,
    cases: int = 6,
    tasks: Sequence[Task] = ALL_TASKS,
    *,
    status: str = "closed",
    answered: float = 1.0,
    **more: Any,
) -> StudyData:
    """Three readers, of whom the last was withdrawn halfway; practice, repeats, corrections and an amendment.

    Args:
        readers: how many; of two and fewer none was withdrawn.
        cases: images beside the one for practice.
        tasks: of the design.
        status: of the study.
        answered: share of each reader's order.
        more: fields of the design.
    """
    whole = design([REAL, SHAM, ALONE], tasks).model_copy(update=more)
    builder = StudyBuilder(whole, readers)
    _add_items(builder, cases)
    random = np.random.default_rng(0)
    rows = [(i.number, i.task_key, i.arm_key, i.case_number, i.practice) for i in builder.items]
    placed = [orders.make_order(orders.order_items(whole, rows), whole.order, slot) for slot in range(readers)]
    for slot, order in enumerate(placed):
        withdrawn = readers > 2 and slot == readers - 1
        for place in order[: int(len(order) * answered * (0.5 if withdrawn else 1.0))]:
            given = None if random.random() < 0.05 else random_answers(builder.items[place.item - 1], random)
            amended = given if given and random.random() < 0.05 else None
            builder.answer(
                slot, place.item, given, repeated=place.repeated, session=place.session, seconds=12.5, amended=amended
            )
        builder.change_reader(slot, status="withdrawn" if withdrawn else "finished")
    found = builder.build(status)
    raters = [_with_order(rater, order) for rater, order in zip(found.readers, placed, strict=True)]
    first = found.answers[0] if found.answers else None
    answers = () if first is None else (replace(first, comment=f'{EVIL}\nand "more", ü'), *found.answers[1:])
    return _amended(replace(found, readers=tuple(raters), answers=answers), whole)


def store(session: Session, data: StudyData, owner_id: str = COORDINATOR.id) -> None:
    """Its rows. Readers are, in turn, the accounts of ``RATERS``; simulated ones are nobody."""
    title = data.protocols[0]["design"]["title"]
    session.add(
        ReaderStudy(
            id=data.study_id,
            title=title,
            status=data.status,
            design=data.protocols[0]["design"],
            owner_id=owner_id,
            demonstration=data.demonstration,
            published_at=START,
        )
    )
    session.flush()
    for document, digest in zip(data.protocols, data.hashes, strict=True):
        session.add(
            StudyProtocol(
                study_id=data.study_id,
                version=document["version"],
                document=document,
                hash=digest,
                reason=document["reason"],
            )
        )
    _store_items(session, data)
    for slot, reader in enumerate(data.readers):
        _store_reader(session, data, slot, reader)
    session.flush()


def _add_items(builder: StudyBuilder, cases: int) -> None:
    first = next(iter(builder.tasks))
    builder.item(first, builder.tasks[first].arm_keys[0], 0, concept=CONCEPTS[0], truth_class="benign", practice=True)
    for number, task in enumerate(builder.design.tasks):
        for case in range(1, cases + 1):
            for arm in task.arm_keys:
                builder.item(
                    task.key,
                    arm,
                    case,
                    unit=100 * number + case,
                    concept=CONCEPTS[case % 5] if task in (LOCALIZATION, ALIGNMENT) else None,
                    dataset="CMMD" if case % 2 else None,
                    truth_class=CLASSES[case // 2 % 2],
                )
    for place, item in enumerate(builder.items):
        pixels = None
        if item.truth.map_kind is not None:
            values = np.full((4, 6), item.number % 256, np.uint8).tobytes()
            pixels = MapPixels(width=6, height=4, values=base64.b64encode(values).decode())
        builder.items[place] = replace(
            item,
            content=item.content.model_copy(update={"map": pixels}),
            truth=item.truth.model_copy(update={"map_sha256": pixels and sha256_of(pixels)}),
        )


def _with_order(rater: RaterData, placed: Sequence[orders.Placed]) -> RaterData:
    return replace(
        rater,
        order=tuple(OrderEntry(*place) for place in placed),
        order_digest=orders.order_digest(placed),
    )


def _amended(data: StudyData, whole: StudyDesign) -> StudyData:
    """With the documents that publication and an amendment write."""
    made = data.protocols[0]
    first = protocols.first_document(
        data.study_id,
        whole.model_dump(mode="json"),
        made["models"],
        made["cases"],
        made["items"],
        software="Vitrine 0.1.0",
        published_at=START.isoformat(),
    )
    changed = first["design"] | {"instructions": "Please rest your eyes now and then."}
    second = protocols.next_document(
        first, changed, reason="Readers asked for breaks.", amended_at=START.isoformat(), software="Vitrine 0.1.0"
    )
    documents = (first, second)
    return replace(data, protocols=documents, hashes=tuple(protocols.hash_of(each) for each in documents))


def _store_items(session: Session, data: StudyData) -> None:
    cases = {item.case_number: item for item in data.items}
    for number, item in cases.items():
        session.add(
            StudyCase(
                id=_id(1, number),
                study_id=data.study_id,
                number=number,
                dataset=item.dataset,
                source={},
                practice=item.practice,
                synthetic=True,
                width=6,
                height=4,
                sha256="3" * 64,
                image_key=f"study/{number}",
            )
        )
    session.flush()
    for item in data.items:
        session.add(
            StudyItem(
                id=_id(2, item.number),
                study_id=data.study_id,
                number=item.number,
                study_case_id=_id(1, item.case_number),
                task_key=item.task_key,
                arm_key=item.arm_key,
                unit=item.unit,
                practice=item.practice,
                option_id=item.option_id,
                content=item.content.model_dump(mode="json"),
                truth=item.truth.model_dump(mode="json"),
            )
        )
    session.flush()


def _store_reader(session: Session, data: StudyData, slot: int, reader: RaterData) -> None:
    reader_id = _id(3, slot)
    session.add(
        StudyReader(
            id=reader_id,
            study_id=data.study_id,
            user_id=None if reader.simulated else RATERS[slot].id,
            slot=slot,
            status=reader.status,
            profile=reader.profile,
            order_digest=reader.order_digest,
        )
    )
    session.flush()
    given = {(answer.session, answer.position): answer for answer in data.answers if answer.reader == reader.code}
    for number, place in enumerate(reader.order):
        key = _id(4, 100_000 * slot + number)
        session.add(
            StudyAssignment(
                id=key,
                study_id=data.study_id,
                reader_id=reader_id,
                item_id=_id(2, place.item),
                session=place.session,
                position=place.position,
                repeated=place.repeated,
            )
        )
        answer = given.get((place.session, place.position))
        if answer is None:
            continue
        session.flush()
        session.add(
            StudyResponse(
                id=key,
                study_id=data.study_id,
                reader_id=reader_id,
                assignment_id=key,
                answers=answer.answers,
                cannot_judge=answer.cannot_judge,
                comment=answer.comment,
                active_ms=round(1000 * answer.active_seconds),
                idle_ms=round(1000 * answer.idle_seconds),
                opened_at=answer.opened_at,
                submitted_at=answer.submitted_at,
                protocol_version=answer.protocol_version,
            )
        )
        session.flush()
        for change in answer.amendments:
            session.add(
                ResponseAmendment(
                    study_id=data.study_id,
                    response_id=key,
                    reader_id=reader_id,
                    answers=change.answers,
                    cannot_judge=change.cannot_judge,
                    reason=change.reason,
                    created_at=change.created_at,
                )
            )


def _id(kind: int, number: int) -> str:
    return f"{kind}{number:031x}"
