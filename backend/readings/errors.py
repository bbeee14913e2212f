"""What can go wrong while reading."""

from __future__ import annotations

from backend.core.errors import AppError


class ReadingNotFound(AppError):
    """Not one's own study."""

    status = 404
    code = "reading_not_found"
    summary = "You are not a reader of a study with this id."


class ReadingItemNotFound(AppError):
    """Not one's own item."""

    status = 404
    code = "reading_item_not_found"
    summary = "There is no such item in your order."


class ReadingNotOpen(AppError):
    """Closed, in washout, or withdrawn."""

    status = 409
    code = "reading_not_open"
    summary = "The study takes no answers from you now; the detail says why."


class ProfileMissing(AppError):
    """The study asks who its readers are."""

    status = 400
    code = "profile_missing"
    summary = "This study asks who its readers are; give your profession and years of practice."


class NotStarted(AppError):
    """Instructions come first."""

    status = 409
    code = "reading_not_started"
    summary = "Read the instructions and begin first."


class BadAnswer(AppError):
    """An answer that does not fit the item's questions."""

    status = 400
    code = "bad_answer"
    summary = "The answer does not fit the item's questions; the detail says which one and why."


class AnswerLocked(AppError):
    """Answered already, otherwise."""

    status = 409
    code = "answer_locked"
    summary = "This item is answered already, and answers are locked; what you sent differs from it and was not saved."


class OutOfTurn(AppError):
    """Items are answered one after the other."""

    status = 409
    code = "out_of_turn"
    summary = "Another item comes first; load the next item again."


class ResponseNotFound(AppError):
    """Not one's own answer."""

    status = 404
    code = "response_not_found"
    summary = "You have given no such answer in this study."


class NoAmendments(AppError):
    """The study does not allow it."""

    status = 409
    code = "no_amendments"
    summary = "This study takes no corrections of locked answers; send the coordinator a question instead."
