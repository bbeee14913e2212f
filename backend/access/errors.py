"""What everybody may be refused with."""

from __future__ import annotations

from backend.core.errors import AppError


class NotSignedIn(AppError):
    """No session and no token, or one that has ended."""

    status = 401
    code = "not_signed_in"
    summary = "Sign in first; the session has ended or there was none."

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, {"WWW-Authenticate": "Bearer"})


class NotAllowed(AppError):
    """Signed in, but this is not theirs to do."""

    status = 403
    code = "not_allowed"
    summary = "This account may not do that; ask an administrator if it should."


class PasswordChangeNeeded(AppError):
    """The password was given by somebody else and works for nothing but choosing another."""

    status = 403
    code = "password_change_needed"
    summary = "Choose a password of your own first: POST /api/v1/account/password."


class HeaderMissing(AppError):
    """A change with a session cookie but without the header that only Vitrine's own page sends."""

    status = 403
    code = "header_missing"
    summary = "Changes with a session cookie need the header 'X-Vitrine: 1'; scripts use an API token."
