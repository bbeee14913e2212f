"""Accounts of readers: finding them, making new ones, and links for those who have no password yet.

Whoever runs a study may do this without being an administrator. So nobody gets a link through here that opens more than
a reader's account: it would let its holder in as somebody who sees more than they do.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from backend.access.permissions import Permission, Role
from backend.access.principal import SYSTEM, acting_as, current
from backend.auth import repository as auth
from backend.db.tables import User
from backend.people import repository as people
from backend.people import service
from backend.people.errors import UnknownPerson
from backend.people.schemas import PersonCreate, PersonLinkRead
from backend.reader_studies import reader_repository as repository
from backend.reader_studies.errors import CannotInvite
from backend.reader_studies.schemas import ReaderInvite

_NO_LINK = "A link for this account can only be made by an administrator, under People."
_NOT_BY_SCRIPT = "An API token makes no accounts and no links to them; sign in to Vitrine and invite this person there."


def active(session: Session) -> Sequence[User]:
    """Who can be invited, by name."""
    with acting_as(SYSTEM):  # accounts are otherwise one's own alone
        return repository.active_accounts(session)


def of_readers(session: Session, user_ids: Collection[str]) -> dict[str, User]:
    """By id."""
    with acting_as(SYSTEM):
        return repository.accounts(session, user_ids)


def find_or_make(session: Session, body: ReaderInvite) -> tuple[User, PersonLinkRead | None]:
    """The account of somebody who is invited, and a link where they still have to choose a password.

    Raises:
        UnknownPerson: there is no such account.
        EmailTaken: somebody else made the account at the same moment.
        CannotInvite: there is no account yet, and an API token makes none.
    """
    with acting_as(SYSTEM):
        user = auth.get_user(session, body.user_id) if body.user_id else None
        if body.email:
            user = auth.find_user(session, body.email)
    if user is not None:
        return user, service.make_link(session, user) if _may_link(session, user) else None
    if body.email is None or body.name is None:
        raise UnknownPerson
    if current().token_id is not None:
        raise CannotInvite(_NOT_BY_SCRIPT)
    invited = service.invite(session, PersonCreate(email=body.email, name=body.name, role=Role.READER))
    with acting_as(SYSTEM):
        made = auth.get_user(session, invited.person.id)
    if made is None:
        raise UnknownPerson
    return made, invited.link


def renew_link(session: Session, user: User) -> PersonLinkRead:
    """A new link; earlier ones do not work any more.

    Raises:
        CannotInvite: they have a password, or only an administrator may make it.
        NotWhileInactive: nobody could use it.
        SignsInElsewhere: it would go round the identity provider.
    """
    if user.password_hash:
        raise CannotInvite(f"{user.name} has a password already and can sign in.")
    if current().token_id is not None:
        raise CannotInvite(_NOT_BY_SCRIPT)
    if user.active and not user.issuer and not _may_link(session, user):
        raise CannotInvite(_NO_LINK)
    return service.make_link(session, user)


def is_pending(user: User) -> bool:
    """Nobody can sign in to it yet."""
    return user.active and user.password_hash is None and user.issuer is None


def _may_link(session: Session, user: User) -> bool:
    """Whether a link tells the one who asks nothing, and lets them do nothing, that they may not anyway."""
    principal = current()
    if not is_pending(user) or principal.token_id is not None:  # a stolen token must open no account
        return False
    if principal.may(Permission.PEOPLE_WRITE):
        return True
    with acting_as(SYSTEM):
        groups = people.group_ids_of(session, user.id)
        elsewhere = repository.reads_elsewhere(session, user.id, principal.user_id or "")
    return user.role == Role.READER.value and groups <= principal.group_ids and not elsewhere
