"""What goes in and out where accounts and groups are managed."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from backend.access.permissions import Role
from backend.auth.schemas import Email, GroupName, GroupRef, LinkPurpose, PersonName, PersonRef
from backend.core.schemas import Create, HexId, Read, Timestamp

Ids = list[HexId]


class PersonStatus(StrEnum):
    """``invited``: has a link and has not chosen a password yet."""

    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class PersonRead(Read):
    """An account, as administrators see it."""

    id: str
    email: str
    name: str
    role: Role
    status: PersonStatus
    groups: list[GroupRef]
    single_sign_on: bool = Field(description="Is known to the identity provider.")
    last_sign_in_at: Timestamp | None
    created_at: Timestamp


class PersonList(Read):
    """By name."""

    items: list[PersonRead]


class PersonCreate(Create):
    """An invitation."""

    email: Email
    name: PersonName
    role: Role
    group_ids: Ids = Field([], max_length=100)


class PersonUpdate(Create):
    """What may change. A field that is left out or null stays as it is."""

    name: PersonName | None = None
    email: Email | None = None
    role: Role | None = None
    active: bool | None = Field(None, description="False ends all sessions and tokens at once.")
    group_ids: Ids | None = Field(None, max_length=100)


class PersonLinkRead(Read):
    """A link to hand over. It is shown only this once, works once, and replaces an earlier one."""

    purpose: LinkPurpose
    path: str = Field(description="On this server; the part after # never leaves the browser.")
    expires_at: Timestamp


class PersonInvited(Read):
    """A new account and its link."""

    person: PersonRead
    link: PersonLinkRead


class GroupRead(Read):
    """A group; members only for administrators, else empty."""

    id: str
    name: str
    members: list[PersonRef]
    created_at: Timestamp


class GroupList(Read):
    """By name. Administrators see all, others those they belong to."""

    items: list[GroupRead]


class GroupCreate(Create):
    """A new group."""

    name: GroupName
    member_ids: Ids = Field([], max_length=1000)


class GroupUpdate(Create):
    """What may change. A field that is left out or null stays as it is."""

    name: GroupName | None = None
    member_ids: Ids | None = Field(None, max_length=1000)
