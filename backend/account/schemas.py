"""What goes in and out of one's own account."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from backend.access.permissions import Permission
from backend.auth.schemas import Email, Password, PersonName, SignInMethod
from backend.core.schemas import LINE, Create, Read, Timestamp

MAX_DAYS = 365
TokenName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), *LINE]


class AccountUpdate(Create):
    """What may change. A field that is left out or null stays as it is."""

    name: PersonName | None = None
    email: Email | None = Field(None, description="Administrators only, with `current_password`.")
    current_password: Password | None = None


class PasswordCreate(Create):
    """A new password. All other sessions end."""

    current_password: Password
    new_password: Password


class UserSessionRead(Read):
    """A browser that is signed in."""

    id: str
    current: bool = Field(description="The one that asks.")
    method: SignInMethod
    address: str
    browser: str
    created_at: Timestamp
    last_seen_at: Timestamp = Field(description="To the minute.")
    expires_at: Timestamp


class UserSessionList(Read):
    """Newest first."""

    items: list[UserSessionRead]


class ApiTokenCreate(Create):
    """A token for scripts."""

    name: TokenName
    scopes: list[Permission] = Field(
        min_length=1,
        max_length=len(Permission),
        description="No more than the role has; writing brings reading along.",
    )
    days: int = Field(ge=1, le=MAX_DAYS, description="It ends after so many days.")


class ApiTokenRead(Read):
    """A token, without its secret."""

    id: str
    name: str
    scopes: list[Permission]
    created_at: Timestamp
    expires_at: Timestamp
    expired: bool
    last_used_at: Timestamp | None = Field(description="To the minute.")


class ApiTokenList(Read):
    """Newest first."""

    items: list[ApiTokenRead]


class ApiTokenCreated(ApiTokenRead):
    """A new token with its secret, which is shown only this once."""

    token: str = Field(description="For `Authorization: Bearer`. It is not kept; a lost one is replaced by another.")
