"""Queries on concept sets and their revisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from backend.db.tables import ConceptSetRevision, ConceptSetRow, ModelVersion

# The line that people edit. Others came with a model or a new release and stand beside it.
_IN_LINE = or_(ConceptSetRevision.number == 1, ConceptSetRevision.parent_revision_id.is_not(None))


def get(session: Session, concept_set_id: str) -> ConceptSetRow | None:
    return session.get(ConceptSetRow, concept_set_id)


def lock(session: Session, concept_set_id: str) -> ConceptSetRow | None:
    """The row; nobody else adds a revision until the transaction ends."""
    query = select(ConceptSetRow).where(ConceptSetRow.id == concept_set_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def find(session: Session, name: str) -> ConceptSetRow | None:
    return session.scalars(select(ConceptSetRow).where(ConceptSetRow.name == name)).one_or_none()


def list_all(session: Session) -> Sequence[ConceptSetRow]:
    return session.scalars(select(ConceptSetRow).order_by(ConceptSetRow.name)).all()


def get_revision(session: Session, revision_id: str) -> ConceptSetRevision | None:
    return session.get(ConceptSetRevision, revision_id)


def newest(session: Session, concept_set_id: str | None = None) -> Mapping[str, ConceptSetRevision]:
    """The last revision of the line that people edit, by the id of the set."""
    last = (
        select(ConceptSetRevision.concept_set_id, func.max(ConceptSetRevision.number).label("number"))
        .where(_IN_LINE)
        .group_by(ConceptSetRevision.concept_set_id)
    )
    if concept_set_id is not None:
        last = last.where(ConceptSetRevision.concept_set_id == concept_set_id)
    found = last.subquery()
    both = and_(
        ConceptSetRevision.concept_set_id == found.c.concept_set_id, ConceptSetRevision.number == found.c.number
    )
    rows = session.scalars(select(ConceptSetRevision).join(found, both)).all()
    return {row.concept_set_id: row for row in rows}


def count_revisions(session: Session) -> Mapping[str, int]:
    """By the id of the set."""
    query = select(ConceptSetRevision.concept_set_id, func.count()).group_by(ConceptSetRevision.concept_set_id)
    return {row[0]: row[1] for row in session.execute(query)}


def list_revisions(session: Session, concept_set_id: str, page: slice) -> tuple[int, Sequence[ConceptSetRevision]]:
    """How many there are, and some of them, newest first."""
    own = ConceptSetRevision.concept_set_id == concept_set_id
    total = session.scalar(select(func.count()).select_from(ConceptSetRevision).where(own)) or 0
    query = select(ConceptSetRevision).where(own).order_by(ConceptSetRevision.number.desc())
    return total, session.scalars(query.slice(page.start, page.stop)).all()


def list_by_ids(session: Session, revision_ids: Collection[str]) -> Mapping[str, ConceptSetRevision]:
    query = select(ConceptSetRevision).where(ConceptSetRevision.id.in_(sorted(revision_ids)))
    return {row.id: row for row in session.scalars(query)}


def list_since(session: Session, concept_set_id: str, number: int) -> Sequence[ConceptSetRevision]:
    """What came after in the line that people edit, oldest first."""
    query = select(ConceptSetRevision).where(
        ConceptSetRevision.concept_set_id == concept_set_id, ConceptSetRevision.number > number, _IN_LINE
    )
    return session.scalars(query.order_by(ConceptSetRevision.number)).all()


def last_number(session: Session, concept_set_id: str) -> int:
    """Of all revisions; 0 if there is none."""
    query = select(func.max(ConceptSetRevision.number)).where(ConceptSetRevision.concept_set_id == concept_set_id)
    return session.scalar(query) or 0


def known_digests(session: Session) -> set[tuple[str, str]]:
    """Name of the set and digest of each revision."""
    query = select(ConceptSetRow.name, ConceptSetRevision.digest).join(
        ConceptSetRevision, ConceptSetRevision.concept_set_id == ConceptSetRow.id
    )
    return {(name, digest) for name, digest in session.execute(query)}


class UsedBy(NamedTuple):
    """A model version and the set that has a revision like its own."""

    concept_set_id: str
    digest: str
    id: str
    name: str
    dataset: str
    active: bool


def list_models(session: Session, digest: str | None = None) -> Sequence[UsedBy]:
    """Model versions with a known concept set, by name."""
    model = (ModelVersion.id, ModelVersion.name, ModelVersion.dataset, ModelVersion.active)
    query = (
        select(ConceptSetRevision.concept_set_id, ConceptSetRevision.digest, *model)
        .join(ModelVersion, ModelVersion.concept_set_digest == ConceptSetRevision.digest)
        .distinct()  # a set that was changed and changed back has two revisions like it
        .order_by(ModelVersion.name, ModelVersion.id)
    )
    if digest is not None:
        query = query.where(ConceptSetRevision.digest == digest)
    return [UsedBy(*row) for row in session.execute(query)]
