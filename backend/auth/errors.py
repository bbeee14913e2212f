"""What can go wrong with accounts and signing in."""

from __future__ import annotations

from backend.core.errors import AppError


class SignInRefused(AppError):
    """Which of the two was wrong is not said: that would tell strangers which accounts exist."""

    status = 401
    code = "sign_in_refused"
    summary = "E-mail or password is wrong, or the account is not active."


class TooManyAttempts(AppError):
    """A brake on guessing."""

    status = 429
    code = "too_many_attempts"
    summary = "Too many attempts; wait before the next one."

    def __init__(self, seconds: int) -> None:
        minutes = max(1, round(seconds / 60))
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"Too many attempts; wait {wait}, then try again.", {"Retry-After": str(max(1, seconds))})


class WeakPassword(AppError):
    """Short, common or easy to guess."""

    status = 400
    code = "weak_password"
    summary = "Choose a longer password, such as four words that do not belong together."


class WrongPassword(AppError):
    """The current password, asked for before a change, is not right."""

    status = 400
    code = "wrong_password"
    summary = "The current password is not right; nothing was changed."


class SignsInElsewhere(AppError):
    """The site's identity provider says who they are; a password here would go round it."""

    status = 409
    code = "signs_in_elsewhere"
    summary = "This account signs in with single sign-on, and has no password here."


class LinkInvalid(AppError):
    """An invitation or reset that was used, replaced or has run out."""

    status = 404
    code = "link_invalid"
    summary = "This link was used already or has run out; ask an administrator for a new one."


class SingleSignOnOff(AppError):
    """No provider is set."""

    status = 404
    code = "single_sign_on_off"
    summary = "Single sign-on is not set up here; sign in with e-mail and password."


class ProviderFailed(AppError):
    """The identity provider does not answer, or not as the standard says."""

    status = 502
    code = "provider_failed"
    summary = "The identity provider does not answer as it should; try again, or sign in with e-mail and password."


class EmailTaken(AppError):
    """Two accounts cannot have one address."""

    status = 409
    code = "email_taken"
    summary = "Another account has this e-mail address."
