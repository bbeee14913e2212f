"""What can go wrong with one's own account."""

from __future__ import annotations

from backend.core.errors import AppError


class UserSessionNotFound(AppError):
    """It has ended, or is somebody else's."""

    status = 404
    code = "session_not_found"
    summary = "There is no such session; it may have ended already."


class ApiTokenNotFound(AppError):
    """It was revoked, or is somebody else's."""

    status = 404
    code = "token_not_found"
    summary = "There is no such token; it may have been revoked already."


class ScopeNotYours(AppError):
    """A token cannot do more than its owner, nor manage accounts."""

    status = 400
    code = "scope_not_yours"
    summary = "A token cannot be given what the account does not have, nor the right to manage accounts."


class TooManyTokens(AppError):
    """A bound, so that forgotten ones are noticed."""

    status = 409
    code = "too_many_tokens"
    summary = "There are 50 tokens already; revoke those that are not used any more."
