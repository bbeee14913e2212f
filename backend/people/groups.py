"""Groups: who shares with whom."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.access.principal import Principal
from backend.audit.service import Subject, record
from backend.auth.schemas import PersonRef
from backend.db.tables import Group, User
from backend.people import repository
from backend.people.errors import GroupNameTaken, GroupNotFound, UnknownPerson
from backend.people.schemas import GroupCreate, GroupList, GroupRead, GroupUpdate


def list_groups(session: Session, principal: Principal) -> GroupList:
    """All for administrators, with members; else those one belongs to."""
    members = repository.people_by_group(session) if principal.is_administrator else {}
    return GroupList(items=[_read(group, members.get(group.id, [])) for group in repository.list_groups(session)])


def create_group(session: Session, body: GroupCreate) -> GroupRead:
    """Raises ``GroupNameTaken`` or ``UnknownPerson``."""
    wanted = _known_people(session, body.member_ids)
    group = Group(name=body.name)
    session.add(group)
    _flush(session)
    repository.join(session, [(user_id, group.id) for user_id in wanted])
    told = {"name": group.name, "members": sorted(wanted)}
    record(session, "group.created", Subject("group", group.id), after=told)
    return _read_one(session, group)


def update_group(session: Session, group: Group, update: GroupUpdate) -> GroupRead:
    """Raises ``GroupNameTaken`` or ``UnknownPerson``."""
    present = repository.member_ids_of(session, group.id)
    wanted = present if update.member_ids is None else _known_people(session, update.member_ids)
    name = group.name if update.name is None else update.name
    before, after = {"name": group.name, "members": sorted(present)}, {"name": name, "members": sorted(wanted)}
    if before != after:
        group.name = name
        _flush(session)
        repository.leave(session, [(user_id, group.id) for user_id in present - wanted])
        repository.join(session, [(user_id, group.id) for user_id in wanted - present])
        changed = [key for key in before if before[key] != after[key]]
        told = ({key: before[key] for key in changed}, {key: after[key] for key in changed})
        record(session, "group.changed", Subject("group", group.id), *told)
    return _read_one(session, group)


def delete_group(session: Session, group: Group) -> None:
    """What was shared with it alone is seen by its owner only."""
    before = {"name": group.name, "members": sorted(repository.member_ids_of(session, group.id))}
    session.delete(group)
    record(session, "group.deleted", Subject("group", group.id), before=before)


def require_group(session: Session, group_id: str) -> Group:
    """The row, locked. Raises ``GroupNotFound``."""
    group = repository.lock_group(session, group_id)
    if group is None:
        raise GroupNotFound
    return group


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise GroupNameTaken from error


def _known_people(session: Session, user_ids: Sequence[str]) -> set[str]:
    wanted = set(user_ids)
    if repository.existing_people(session, wanted) != wanted:
        raise UnknownPerson
    return wanted


def _read_one(session: Session, group: Group) -> GroupRead:
    return _read(group, repository.people_by_group(session).get(group.id, []))


def _read(group: Group, members: Sequence[User]) -> GroupRead:
    people = [PersonRef.model_validate(user) for user in members]
    return GroupRead(id=group.id, name=group.name, members=people, created_at=group.created_at)
