"""Changing an account, whoever does it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.auth.errors import EmailTaken
from backend.db.tables import User


def change_user(session: Session, user: User, given: Mapping[str, str | bool | None]) -> None:
    """Changes what is given (None: left as it is) and tells the trail. Raises ``EmailTaken``."""
    changed = {name: value for name, value in given.items() if value is not None and getattr(user, name) != value}
    if not changed:
        return
    before = {name: getattr(user, name) for name in changed}
    for name, value in changed.items():
        setattr(user, name, value)
    try:
        session.flush()
    except IntegrityError as error:
        raise EmailTaken from error
    record(session, "account.changed", Subject("account", user.id), before, changed)
