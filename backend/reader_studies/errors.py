"""What can go wrong with reader studies."""

from __future__ import annotations

from backend.core.errors import AppError


class StudyNotFound(AppError):
    """No such study, or it is not for the one who asks."""

    status = 404
    code = "study_not_found"
    summary = "There is no reader study with this id that you take part in."


class StudyNotYours(AppError):
    """An observer tries to run it."""

    status = 403
    code = "study_not_yours"
    summary = "Only the study's owner and its coordinators may do this; ask one of them."


class StudyFrozen(AppError):
    """A published study's design."""

    status = 409
    code = "study_frozen"
    summary = "The study is published, so its design is frozen. Make an amendment, or copy it to a new draft."


class StudyChanged(AppError):
    """Somebody else saved in between."""

    status = 409
    code = "study_changed"
    summary = "Somebody else has changed the draft since you opened it. Reload it, then make your changes again."


class StudyIncomplete(AppError):
    """It cannot be published as it is."""

    status = 400
    code = "study_incomplete"
    summary = "The study cannot be published yet; the detail says what is missing."


class StudyNotOpen(AppError):
    """A step that needs another state."""

    status = 409
    code = "study_not_open"
    summary = "The study is not in a state in which this can be done; the detail says what it is."


class PreviewImpossible(AppError):
    """The item cannot be shown."""

    status = 400
    code = "preview_impossible"
    summary = "This item cannot be shown as the design stands; the detail says why."


class CandidateSourceMissing(AppError):
    """The images to choose from are not there."""

    status = 400
    code = "candidate_source_missing"
    summary = "Say which data set to choose images from; it must be ready."


class StudyReaderNotFound(AppError):
    """No such reader."""

    status = 404
    code = "study_reader_not_found"
    summary = "The study has no such reader."


class CannotInvite(AppError):
    """Somebody who cannot read in this study."""

    status = 409
    code = "cannot_invite"
    summary = "This person cannot be invited; the detail says why."


class StudyQueryNotFound(AppError):
    """No such question."""

    status = 404
    code = "study_query_not_found"
    summary = "The study has no such question of a reader."


class StillReading(AppError):
    """Who reads must not see what would tell them something."""

    status = 403
    code = "still_reading"
    summary = (
        "You read in this study yourself and have not finished, so its items and results stay hidden from you. "
        "Finish reading, or have a coordinator withdraw you."
    )


class AmendmentEmpty(AppError):
    """Nothing would change."""

    status = 400
    code = "amendment_empty"
    summary = "The amendment changes nothing; change a field, or leave it."
