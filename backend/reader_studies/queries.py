"""Readers' questions and the replies."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.db.base import now
from backend.db.study_tables import ReaderStudy, StudyQuery
from backend.people.names import Names
from backend.reader_studies import accounts
from backend.reader_studies import reader_repository as repository
from backend.reader_studies.blinding import require_unblinded
from backend.reader_studies.errors import StudyQueryNotFound
from backend.reader_studies.following import code_of, name_of
from backend.reader_studies.members import require_member, require_runner
from backend.reader_studies.schemas import QueryReply, StudyQueryList, StudyQueryRead


def list_queries(session: Session, study_id: str) -> StudyQueryList:
    """Open ones first, then newest first. Raises ``StudyNotFound`` and ``StillReading``."""
    study = require_member(session, study_id)
    require_unblinded(session, study)  # a question names the item, and may tell what another reader saw in it
    return StudyQueryList(items=_read(session, study, repository.list_queries(session, study_id)))


def reply(session: Session, study_id: str, query_id: str, body: QueryReply) -> StudyQueryRead:
    """What the reader is told; a later reply replaces an earlier one and is new to the reader.

    Raises ``StudyNotFound``, ``StudyNotYours``, ``StillReading`` and ``StudyQueryNotFound``.
    """
    study = require_runner(session, study_id)
    require_unblinded(session, study)
    query = repository.get_query(session, study_id, query_id)
    if query is None:
        raise StudyQueryNotFound
    before = None if query.reply is None else {"query": query.id, "reply": query.reply}
    query.reply, query.replied_by_id, query.replied_at, query.seen_at = body.reply, current().user_id, now(), None
    told = {"query": query.id, "reply": body.reply}
    record(session, "study_query.replied", Subject("reader_study", study_id), before, told)
    return _read(session, study, [query])[0]


def _read(session: Session, study: ReaderStudy, queries: Sequence[StudyQuery]) -> list[StudyQueryRead]:
    readers = {reader.id: reader for reader in repository.list_readers(session, study.id)}
    people = accounts.of_readers(session, [reader.user_id for reader in readers.values() if reader.user_id])
    items = repository.asked_items(session, [each.assignment_id for each in queries if each.assignment_id])
    names = Names(session, [each.replied_by_id for each in queries])
    titles = {task["key"]: task["title"] for task in study.design["tasks"]}
    found = []
    for each in queries:
        reader, item = readers[each.reader_id], items.get(each.assignment_id or "")
        found.append(
            StudyQueryRead(
                id=each.id,
                reader_code=code_of(reader),
                reader_name=name_of(reader, people.get(reader.user_id or "")),
                item_number=item.number if item else None,
                task_title=titles.get(item.task_key) if item else None,
                case_label=item.source.get("label") if item else None,
                text=each.text,
                created_at=each.created_at,
                reply=each.reply,
                replied_by=names.ref_or_none(each.replied_by_id),
                replied_at=each.replied_at,
            )
        )
    return found
