"""What stays hidden, and from whom.

Who reads in a study may run it as well, or observe it: until they have finished, nothing of it may tell them what they
are asked about. Every route that shows items, answers or results asks here.
"""

from __future__ import annotations

from typing import Literal

from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.db.study_tables import ReaderStudy
from backend.reader_studies import repository
from backend.reader_studies.design import StudyDesign
from backend.reader_studies.errors import StillReading
from backend.reader_studies.members import role_of
from backend.reader_studies.schemas import StudyRole

Visibility = Literal["hidden", "live", "closed", "reading"]


def is_blinded(session: Session, study: ReaderStudy) -> bool:
    """Whether the one who asks reads in this open study and has neither finished nor been withdrawn."""
    user_id = current().user_id
    return study.status == "open" and user_id is not None and repository.is_reading(session, study.id, user_id)


def require_unblinded(session: Session, study: ReaderStudy) -> None:
    """Raises ``StillReading``."""
    if is_blinded(session, study):
        raise StillReading


def results_visibility(session: Session, study: ReaderStudy) -> Visibility:
    """Whether the one who asks, a member or an administrator, may see results.

    ``reading``: they read in it themselves. ``closed``: the study is, so all members see them. ``live``: it is open,
    and the protocol in force lets them. Else ``hidden``.
    """
    if is_blinded(session, study):
        return "reading"
    if study.status == "closed":
        return "closed"
    if study.status != "open":
        return "hidden"
    allowed = current_design(session, study).access.live_results
    observes = role_of(session, study) is StudyRole.OBSERVER
    return "live" if allowed == "members" or (allowed == "coordinators" and not observes) else "hidden"


def current_design(session: Session, study: ReaderStudy) -> StudyDesign:
    """The draft; once published, the design of the protocol in force, amendments included."""
    return StudyDesign.model_validate(repository.current_design(session, study.id) or study.design)
