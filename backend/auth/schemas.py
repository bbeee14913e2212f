"""What goes in and out when somebody signs in."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from backend.access.permissions import Permission, Role
from backend.core.schemas import LINE, Create, Read, Timestamp

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
MAX_EMAIL = 254  # as wide as the column
MAX_PASSWORD = 256


def _address(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise ValueError("is not an e-mail address, such as anna@hospital.example")
    small = text.lower()
    if len(small) > MAX_EMAIL:  # some letters become two
        raise ValueError(f"must have at most {MAX_EMAIL} characters")
    return small


def _encodable(password: SecretStr) -> SecretStr:
    try:
        password.get_secret_value().encode()
    except UnicodeEncodeError:  # not chained: the error holds the password
        raise ValueError("is not valid Unicode text (a lone surrogate)") from None
    return password


Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=MAX_EMAIL),
    *LINE,
    AfterValidator(_address),
]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), *LINE]
GroupName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), *LINE]
Password = Annotated[SecretStr, Field(min_length=1, max_length=MAX_PASSWORD), AfterValidator(_encodable)]
LinkToken = Annotated[SecretStr, Field(min_length=1, max_length=200)]


class SignInMethod(StrEnum):
    """How somebody came in."""

    PASSWORD = "password"  # noqa: S105
    LINK = "link"
    OIDC = "oidc"
    TOKEN = "token"  # noqa: S105


class LinkPurpose(StrEnum):
    """Why somebody has a link to choose a password."""

    INVITATION = "invitation"
    RESET = "reset"


class PersonRef(Read):
    """Somebody, by name."""

    id: str
    name: str


class GroupRef(Read):
    """A group, by name."""

    id: str
    name: str


class AccountRead(Read):
    """Whoever is signed in."""

    id: str
    email: str
    name: str
    role: Role
    groups: list[GroupRef]
    permissions: list[Permission] = Field(description="Of the role; with an API token only those it was given.")
    must_change_password: bool = Field(description="Nothing else works before POST /account/password.")
    has_password: bool = Field(description="False for those who only sign in with single sign-on.")
    method: SignInMethod
    expires_at: Timestamp = Field(description="Sign in again then, however busy the session is.")
    idle_minutes: int = Field(description="A session that is not used for so long ends.")


class SignInOptions(Read):
    """How one can sign in here."""

    single_sign_on: str | None = Field(description="What the provider is called; null: there is none.")
    first_start: bool = Field(description="Nobody has signed in yet; the server's log has a one-time password.")


class SessionRead(Read):
    """Who is signed in (null: nobody), and how one signs in."""

    account: AccountRead | None
    sign_in: SignInOptions


class LoginCreate(Create):
    """E-mail and password."""

    email: Email
    password: Password


class LinkCreate(Create):
    """The token of an invitation or a reset: what follows `#token=` in the link."""

    token: LinkToken


class LinkRead(Read):
    """Whom a link is for."""

    purpose: LinkPurpose
    email: str
    name: str
    expires_at: Timestamp


class LinkAccept(Create):
    """The password that somebody chose."""

    token: LinkToken
    name: PersonName | None = None
    password: Password
