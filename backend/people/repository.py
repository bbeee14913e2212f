"""Queries on people, groups and who belongs to which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.db.tables import Group, Membership, User


def list_people(session: Session) -> Sequence[User]:
    return session.scalars(select(User).order_by(User.name, User.email)).all()


def list_groups(session: Session) -> Sequence[Group]:
    return session.scalars(select(Group).order_by(Group.name)).all()


def get_group(session: Session, group_id: str) -> Group | None:
    return session.get(Group, group_id)


def lock_group(session: Session, group_id: str) -> Group | None:
    """The row as it is now; nobody else changes it until the transaction ends."""
    query = select(Group).where(Group.id == group_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def groups_by_person(session: Session) -> dict[str, list[Group]]:
    found: dict[str, list[Group]] = defaultdict(list)
    query = select(Membership.user_id, Group).join(Group, Group.id == Membership.group_id).order_by(Group.name)
    for user_id, group in session.execute(query):
        found[user_id].append(group)
    return found


def people_by_group(session: Session) -> dict[str, list[User]]:
    found: dict[str, list[User]] = defaultdict(list)
    query = select(Membership.group_id, User).join(User, User.id == Membership.user_id).order_by(User.name)
    for group_id, user in session.execute(query):
        found[group_id].append(user)
    return found


def existing_groups(session: Session, group_ids: Iterable[str]) -> set[str]:
    return set(session.scalars(select(Group.id).where(Group.id.in_(set(group_ids)))))


def existing_people(session: Session, user_ids: Iterable[str]) -> set[str]:
    return set(session.scalars(select(User.id).where(User.id.in_(set(user_ids)))))


def group_ids_of(session: Session, user_id: str) -> set[str]:
    return set(session.scalars(select(Membership.group_id).where(Membership.user_id == user_id)))


def member_ids_of(session: Session, group_id: str) -> set[str]:
    return set(session.scalars(select(Membership.user_id).where(Membership.group_id == group_id)))


def join(session: Session, pairs: Iterable[tuple[str, str]]) -> None:
    """Pairs of person and group."""
    session.add_all([Membership(user_id=user_id, group_id=group_id) for user_id, group_id in pairs])
    session.flush()


def leave(session: Session, pairs: Iterable[tuple[str, str]]) -> None:
    """Pairs of person and group."""
    for user_id, group_id in pairs:
        session.execute(delete(Membership).where(Membership.user_id == user_id, Membership.group_id == group_id))


def names(session: Session, user_ids: Iterable[str]) -> dict[str, str]:
    rows = session.execute(select(User.id, User.name).where(User.id.in_(set(user_ids))))
    return {row.id: row.name for row in rows}
