"""What administrators do with accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.access.permissions import Role
from backend.access.principal import SYSTEM, acting_as
from backend.audit.service import Subject, record
from backend.auth import repository as accounts
from backend.auth.accounts import change_user
from backend.auth.errors import EmailTaken, SignsInElsewhere
from backend.auth.schemas import GroupRef, LinkPurpose
from backend.auth.secrets import digest, new_secret
from backend.auth.sessions import end_every_way
from backend.db.base import now
from backend.db.tables import AccountLink, Group, User
from backend.people import repository
from backend.people.errors import LastAdministrator, NotWhileInactive, PersonNotFound, UnknownGroup
from backend.people.schemas import (
    PersonCreate,
    PersonInvited,
    PersonLinkRead,
    PersonList,
    PersonRead,
    PersonStatus,
    PersonUpdate,
)

LINK_DAYS = {LinkPurpose.INVITATION: 7, LinkPurpose.RESET: 1}


def list_people(session: Session) -> PersonList:
    """All accounts."""
    groups = repository.groups_by_person(session)
    return PersonList(items=[_read(user, groups.get(user.id, [])) for user in repository.list_people(session)])


def read_person(session: Session, user: User) -> PersonRead:
    """One account."""
    return _read(user, accounts.groups_of(session, user.id))


def invite(session: Session, body: PersonCreate) -> PersonInvited:
    """Makes an account that waits for its password, and the link to choose one.

    Raises:
        EmailTaken: another account has the address.
        UnknownGroup: a group does not exist.
    """
    wanted = _known_groups(session, body.group_ids)
    user = User(email=body.email, name=body.name, role=body.role.value, active=True, must_change_password=False)
    session.add(user)
    try:
        session.flush()
    except IntegrityError as error:
        raise EmailTaken from error
    repository.join(session, [(user.id, group_id) for group_id in wanted])
    told = {"email": user.email, "name": user.name, "role": user.role, "groups": sorted(wanted)}
    record(session, "account.created", Subject("account", user.id), after=told)
    return PersonInvited(person=read_person(session, user), link=make_link(session, user))


def make_link(session: Session, user: User) -> PersonLinkRead:
    """A new link to choose a password; earlier ones do not work any more.

    Raises:
        NotWhileInactive: nobody could use it.
        SignsInElsewhere: it would go round the identity provider.
    """
    if not user.active:
        raise NotWhileInactive
    if user.issuer:
        raise SignsInElsewhere
    purpose = LinkPurpose.RESET if user.password_hash else LinkPurpose.INVITATION
    secret, days = new_secret(), LINK_DAYS[purpose]
    with acting_as(SYSTEM):  # links are nobody's to read
        accounts.delete_links(session, user.id)
    link = AccountLink(
        user_id=user.id, purpose=purpose.value, token_hash=digest(secret), expires_at=now() + timedelta(days=days)
    )
    session.add(link)
    record(session, "account.link_made", Subject("account", user.id), after={"purpose": purpose.value, "days": days})
    return PersonLinkRead(purpose=purpose, path=f"/welcome#token={secret}", expires_at=link.expires_at)


def update_person(session: Session, user_id: str, update: PersonUpdate) -> PersonRead:
    """Changes an account. Whoever is deactivated is out at once.

    Raises:
        PersonNotFound: no such account.
        EmailTaken: another account has the address.
        UnknownGroup: a group does not exist.
        LastAdministrator: nobody else could let people in.
    """
    loses = update.active is False or (update.role is not None and update.role is not Role.ADMINISTRATOR)
    # All of them before the account itself, else two who demote each other would wait for each other for ever.
    administrators = accounts.active_administrators(session) if loses else []
    user = require_person(session, user_id)
    others = [each for each in administrators if each.id != user.id and (each.password_hash or each.issuer)]
    if loses and user.active and user.role == Role.ADMINISTRATOR.value and not others:
        raise LastAdministrator
    role = update.role.value if update.role else None
    if update.active is False and user.active:
        end_every_way(session, user.id)
    change_user(session, user, {"name": update.name, "email": update.email, "role": role, "active": update.active})
    if update.group_ids is not None:
        _set_groups(session, user, _known_groups(session, update.group_ids))
    return read_person(session, user)


def require_person(session: Session, user_id: str) -> User:
    """The row, locked. Raises ``PersonNotFound``."""
    user = accounts.lock_user(session, user_id)
    if user is None:
        raise PersonNotFound
    return user


def _set_groups(session: Session, user: User, wanted: set[str]) -> None:
    present = repository.group_ids_of(session, user.id)
    if wanted == present:
        return
    repository.leave(session, [(user.id, group_id) for group_id in present - wanted])
    repository.join(session, [(user.id, group_id) for group_id in wanted - present])
    before, after = {"groups": sorted(present)}, {"groups": sorted(wanted)}
    record(session, "account.groups_changed", Subject("account", user.id), before, after)


def _known_groups(session: Session, group_ids: Sequence[str]) -> set[str]:
    wanted = set(group_ids)
    if repository.existing_groups(session, wanted) != wanted:
        raise UnknownGroup
    return wanted


def _read(user: User, groups: Sequence[Group]) -> PersonRead:
    return PersonRead(
        id=user.id,
        email=user.email,
        name=user.name,
        role=Role(user.role),
        status=_status(user),
        groups=[GroupRef.model_validate(group) for group in groups],
        single_sign_on=user.issuer is not None,
        last_sign_in_at=user.last_sign_in_at,
        created_at=user.created_at,
    )


def _status(user: User) -> PersonStatus:
    if not user.active:
        return PersonStatus.DEACTIVATED
    return PersonStatus.ACTIVE if user.password_hash or user.issuer else PersonStatus.INVITED
