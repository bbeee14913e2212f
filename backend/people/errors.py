"""What can go wrong with accounts and groups."""

from __future__ import annotations

from backend.core.errors import AppError


class PersonNotFound(AppError):
    """No such account."""

    status = 404
    code = "person_not_found"
    summary = "There is no account with this id."


class GroupNotFound(AppError):
    """No such group, or not one of theirs."""

    status = 404
    code = "group_not_found"
    summary = "There is no group with this id."


class UnknownGroup(AppError):
    """A list of groups names one that is not there."""

    status = 400
    code = "unknown_group"
    summary = "One of the groups does not exist, or is none of yours; take them from GET /api/v1/groups."


class UnknownPerson(AppError):
    """A list of members names one that is not there."""

    status = 400
    code = "unknown_person"
    summary = "One of the members does not exist; take them from GET /api/v1/people."


class GroupNameTaken(AppError):
    """Two groups cannot have one name."""

    status = 409
    code = "group_name_taken"
    summary = "Another group has this name."


class LastAdministrator(AppError):
    """Somebody must be able to let people in."""

    status = 409
    code = "last_administrator"
    summary = "This is the last active administrator; make somebody else one first."


class NotWhileInactive(AppError):
    """A link for a deactivated account would let nobody in."""

    status = 409
    code = "account_inactive"
    summary = "The account is deactivated; activate it first."
