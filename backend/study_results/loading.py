"""A study from the database as plain data."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy.orm import Session

from backend.reader_studies.errors import StudyNotFound
from backend.reader_studies.items import CONCEPT, ItemContent, ItemTruth
from backend.study_results import repository
from backend.study_results.data import AmendmentData, AnswerData, ItemData, OrderEntry, RaterData, StudyData
from backend.study_results.errors import NoResults


def load(session: Session, study_id: str) -> StudyData:
    """Everything of a published study, in seven queries whatever its size.

    Raises:
        StudyNotFound: there is none, or it is not for the one who asks.
        NoResults: it is not published yet.
    """
    study = repository.get(session, study_id)
    if study is None:
        raise StudyNotFound
    protocols = repository.list_protocols(session, study_id)
    if not protocols:
        raise NoResults
    readers = repository.list_readers(session, study_id)
    codes = {reader.id: code(reader.slot) for reader in readers}
    orders: dict[str, list[OrderEntry]] = defaultdict(list)
    for place in repository.list_places(session, study_id):
        orders[place.reader_id].append(OrderEntry(place.session, place.position, place.item, place.repeated))
    return StudyData(
        study_id=study.id,
        demonstration=study.demonstration,
        status=study.status,
        protocols=tuple(each.document for each in protocols),
        hashes=tuple(each.hash for each in protocols),
        readers=tuple(
            RaterData(
                code=codes[each.id],
                simulated=each.user_id is None,
                status=each.status,
                profile=each.profile,
                order_digest=each.order_digest,
                order=tuple(orders[each.id]),
            )
            for each in readers
        ),
        items=tuple(_item(row) for row in repository.list_items(session, study_id)),
        answers=_answers(session, study_id, codes),
    )


def fingerprint(session: Session, study_id: str, status: str) -> str:
    """The same as long as results are the same."""
    (counts,) = repository.state(session, study_id)
    readers = [f"{row.slot}{row.status}{row.joined_at}" for row in repository.list_reader_states(session, study_id)]
    return " ".join([study_id, status, *(str(count) for count in counts), *readers])


def code(slot: int) -> str:
    """What results and exports call a reader: R1, R2 …, in the order of invitation."""
    return f"R{slot + 1}"


def concept_of(content: ItemContent, truth: ItemTruth) -> str | None:
    """The concept that an item is about, in words: as it is shown, or as the right choice says it."""
    if content.concept is not None:
        return f"{content.concept.group}: {content.concept.option}"
    options = [option for question in content.questions if question.key == CONCEPT for option in question.options]
    return next((option.text for option in options if option.key == truth.answer), None)


def _item(row: Any) -> ItemData:
    item = row.StudyItem
    content, truth = ItemContent.model_validate(item.content), ItemTruth.model_validate(item.truth)
    return ItemData(
        number=item.number,
        task_key=item.task_key,
        arm_key=item.arm_key,
        unit=item.unit,
        case_number=row.case_number,
        dataset=row.dataset,
        practice=item.practice,
        option_id=item.option_id,
        concept=concept_of(content, truth),
        content=content,
        truth=truth,
    )


def _answers(session: Session, study_id: str, codes: dict[str, str]) -> tuple[AnswerData, ...]:
    amendments: dict[str, list[AmendmentData]] = defaultdict(list)
    for row in repository.list_amendments(session, study_id):
        amendments[row.response_id].append(AmendmentData(row.answers, row.cannot_judge, row.reason, row.created_at))
    return tuple(
        AnswerData(
            reader=codes[row.reader_id],
            item=row.item,
            session=row.session,
            position=row.position,
            repeated=row.repeated,
            answers=row.answers,
            cannot_judge=row.cannot_judge,
            comment=row.comment,
            active_seconds=row.active_ms / 1000,
            idle_seconds=row.idle_ms / 1000,
            opened_at=row.opened_at,
            submitted_at=row.submitted_at,
            protocol_version=row.protocol_version,
            amendments=tuple(amendments.get(row.id, ())),
        )
        for row in repository.list_answers(session, study_id)
    )
