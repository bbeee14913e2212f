"""Routes of accounts and groups."""

from __future__ import annotations

from fastapi import APIRouter, Response

from backend.access.dependencies import PrincipalDep, needs
from backend.access.permissions import Permission
from backend.auth.errors import EmailTaken, SignsInElsewhere
from backend.core.errors import error_responses
from backend.core.schemas import PathId
from backend.dependencies import ReadSessionDep, WriteSessionDep
from backend.people import groups, service
from backend.people.errors import (
    GroupNameTaken,
    GroupNotFound,
    LastAdministrator,
    NotWhileInactive,
    PersonNotFound,
    UnknownGroup,
    UnknownPerson,
)
from backend.people.schemas import (
    GroupCreate,
    GroupList,
    GroupRead,
    GroupUpdate,
    PersonCreate,
    PersonInvited,
    PersonLinkRead,
    PersonList,
    PersonRead,
    PersonUpdate,
)

router = APIRouter(tags=["people"])

READ, WRITE = needs(Permission.PEOPLE_READ), needs(Permission.PEOPLE_WRITE)


@router.get("/people", dependencies=[READ])
def list_people(session: ReadSessionDep) -> PersonList:
    """All accounts."""
    return service.list_people(session)


@router.post("/people", status_code=201, dependencies=[WRITE], responses=error_responses(EmailTaken, UnknownGroup))
def invite_person(session: WriteSessionDep, body: PersonCreate) -> PersonInvited:
    """Invite somebody. The link in the answer is for them to choose a password with; hand it over."""
    return service.invite(session, body)


@router.patch(
    "/people/{person_id}",
    dependencies=[WRITE],
    responses=error_responses(PersonNotFound, EmailTaken, UnknownGroup, LastAdministrator),
)
def update_person(session: WriteSessionDep, person_id: PathId, body: PersonUpdate) -> PersonRead:
    """Change an account. Deactivating ends its sessions and tokens at once."""
    return service.update_person(session, person_id, body)


@router.post(
    "/people/{person_id}/link",
    status_code=201,
    dependencies=[WRITE],
    responses=error_responses(PersonNotFound, NotWhileInactive, SignsInElsewhere),
)
def create_person_link(session: WriteSessionDep, person_id: PathId) -> PersonLinkRead:
    """A new link to choose a password with. Earlier ones do not work any more; the old password does until then."""
    return service.make_link(session, service.require_person(session, person_id))


@router.get("/groups", dependencies=[needs(Permission.CASES_READ)])
def list_groups(session: ReadSessionDep, principal: PrincipalDep) -> GroupList:
    """Groups that one can share with."""
    return groups.list_groups(session, principal)


@router.post("/groups", status_code=201, dependencies=[WRITE], responses=error_responses(GroupNameTaken, UnknownPerson))
def create_group(session: WriteSessionDep, body: GroupCreate) -> GroupRead:
    """Make a group."""
    return groups.create_group(session, body)


@router.patch(
    "/groups/{group_id}",
    dependencies=[WRITE],
    responses=error_responses(GroupNotFound, GroupNameTaken, UnknownPerson),
)
def update_group(session: WriteSessionDep, group_id: PathId, body: GroupUpdate) -> GroupRead:
    """Rename a group or change who belongs to it."""
    return groups.update_group(session, groups.require_group(session, group_id), body)


@router.delete(
    "/groups/{group_id}",
    status_code=204,
    response_class=Response,
    dependencies=[WRITE],
    responses=error_responses(GroupNotFound),
)
def delete_group(session: WriteSessionDep, group_id: PathId) -> None:
    """Delete a group. What was shared with it stays with its owners."""
    groups.delete_group(session, groups.require_group(session, group_id))
