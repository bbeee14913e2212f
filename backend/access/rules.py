"""Which rows somebody sees. The only place where that is decided.

``guard`` hooks into every ORM statement of a session (select, update, delete, also in subqueries) and adds the rule of
each table that occurs in it. So a query that forgets to ask cannot show what is hidden, and a count cannot count it.
Core statements on tables (``Case.__table__``, ``text``) would go past it; ``tests/backend/access/test_bypasses.py``
keeps them out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, True_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, LoaderCriteriaOption, ORMExecuteState, with_loader_criteria

from backend.access.permissions import Permission
from backend.access.principal import Principal, current
from backend.db.base import Base
from backend.db.job_tables import (
    ComparisonRow,
    DiagnosisRow,
    EvidenceRow,
    JobEvent,
    JobRow,
    ModelActivation,
    TrainingRun,
)
from backend.db.study_tables import (
    ReaderStudy,
    ResponseAmendment,
    StudyAssignment,
    StudyCase,
    StudyItem,
    StudyMember,
    StudyProtocol,
    StudyQuery,
    StudyReader,
    StudyResponse,
)
from backend.db.tables import (
    AccountLink,
    ApiToken,
    AuditEvent,
    Case,
    CaseShare,
    ConceptSetRevision,
    ConceptSetRow,
    Dataset,
    Group,
    Intervention,
    InterventionBatch,
    Label,
    Membership,
    ModelVersion,
    Prediction,
    SignInFlow,
    User,
    UserSession,
)

Rule = Callable[[Principal], ColumnElement[bool]]

# Tables, not classes: inside a rule they are looked up as they are, else every rule would hold all the others.
_STUDIES, _MEMBERS = cast("Table", ReaderStudy.__table__), cast("Table", StudyMember.__table__)
_READERS, _ASSIGNMENTS = cast("Table", StudyReader.__table__), cast("Table", StudyAssignment.__table__)
_ITEMS, _CASES = cast("Table", StudyItem.__table__), cast("Table", StudyCase.__table__)


def guard(state: ORMExecuteState) -> None:
    """Listens to ``do_orm_execute`` of the application's sessions."""
    principal = current()
    if principal.unrestricted or state.is_column_load or not (state.is_select or state.is_update or state.is_delete):
        return
    state.statement = state.statement.options(*_options(principal))


@lru_cache(maxsize=1024)
def _options(principal: Principal) -> tuple[LoaderCriteriaOption, ...]:
    criteria = {table: rule(principal) for table, rule in RULES.items()}
    return tuple(
        with_loader_criteria(table, condition, include_aliases=True, propagate_to_loaders=False)
        for table, condition in criteria.items()
        if not isinstance(condition, True_)  # each costs time in every query, also those that hide nothing
    )


def may_change(principal: Principal, case: Case) -> bool:
    """Whether somebody who sees a case may also change, share or delete it."""
    return principal.is_administrator or (principal.user_id is not None and case.owner_id == principal.user_id)


def changeable_cases(principal: Principal) -> ColumnElement[bool]:
    """As ``may_change``, in a query."""
    if principal.is_administrator:
        return true()
    return false() if principal.user_id is None else Case.owner_id == principal.user_id


def visible_cases(principal: Principal) -> ColumnElement[bool]:
    """One's own, those shared with a group one belongs to, and open ones; none that one is to read blinded.

    While a person must look for text in the pixels, it is its owner's alone. Administrators see all.
    """
    if not principal.may(Permission.CASES_READ):
        return false()
    if principal.is_administrator:
        return true()
    shared = select(CaseShare.case_id).where(CaseShare.group_id.in_(sorted(principal.group_ids)))
    seen = or_(
        Case.owner_id == principal.user_id,
        (Case.review != "waiting")
        & or_(
            Case.visibility == "open",
            (Case.visibility == "groups") & Case.id.in_(shared),
        ),
    )
    return seen & Case.id.not_in(_being_read(principal))


def _being_read(principal: Principal) -> Select[Any]:
    """Cases of open studies that somebody is still reading in: what is known of them would end the blinding."""
    return (
        select(_CASES.c.case_id)
        .join(_READERS, _READERS.c.study_id == _CASES.c.study_id)
        .join(_STUDIES, _STUDIES.c.id == _CASES.c.study_id)
        .where(
            _CASES.c.case_id.is_not(None),
            _READERS.c.user_id == principal.user_id,
            _READERS.c.status.in_(("invited", "reading")),
            _STUDIES.c.status == "open",
        )
    )


def _predictions(principal: Principal) -> ColumnElement[bool]:
    if principal.is_administrator and principal.may(Permission.CASES_READ):
        return true()
    return Prediction.case_id.in_(select(Case.id).where(visible_cases(principal)))


def _interventions(principal: Principal) -> ColumnElement[bool]:
    """Whoever sees a case sees what was tried on it."""
    if principal.is_administrator and principal.may(Permission.CASES_READ):
        return true()
    return Intervention.case_id.in_(select(Case.id).where(visible_cases(principal)))


def _labels(principal: Principal) -> ColumnElement[bool]:
    """One's own, or everybody's with ``labels:read``; never of a case that is hidden."""
    if not principal.may(Permission.CASES_READ):
        return false()
    everybodys = principal.may(Permission.LABELS_READ)
    if principal.is_administrator and everybodys:
        return true()
    seen = Label.case_id.in_(select(Case.id).where(visible_cases(principal)))
    return seen if everybodys else seen & (Label.author_id == principal.user_id)


def _run_studies(principal: Principal, column: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Rows of studies that one owns or is a member of. What stays hidden from one who reads in them, services decide.

    Args:
        principal: who asks.
        column: the study's id.
    """
    if not principal.may(Permission.STUDIES_READ):
        return false()
    if principal.is_administrator:
        return true()
    owned = select(_STUDIES.c.id).where(_STUDIES.c.owner_id == principal.user_id)
    member = select(_MEMBERS.c.study_id).where(_MEMBERS.c.user_id == principal.user_id)
    return or_(column.in_(owned), column.in_(member))


def _own_readings(principal: Principal) -> Select[Any]:
    """Ids of the readers that one is."""
    return select(_READERS.c.id).where(_READERS.c.user_id == principal.user_id)


def _own_assignments(principal: Principal, column: ColumnElement[str]) -> Select[Any]:
    """A column of what one was given to read."""
    items = _ASSIGNMENTS.join(_ITEMS, _ITEMS.c.id == _ASSIGNMENTS.c.item_id)
    return select(column).select_from(items).where(_ASSIGNMENTS.c.reader_id.in_(_own_readings(principal)))


def _or_reads(principal: Principal, run: ColumnElement[bool], read: ColumnElement[bool]) -> ColumnElement[bool]:
    if isinstance(run, True_) or not principal.may(Permission.STUDIES_ANSWER) or principal.user_id is None:
        return run
    return or_(run, read)


def _studies(principal: Principal) -> ColumnElement[bool]:
    read = select(_READERS.c.study_id).where(_READERS.c.user_id == principal.user_id)
    return _or_reads(principal, _run_studies(principal, ReaderStudy.id), ReaderStudy.id.in_(read))


def _of_run_study(study: InstrumentedAttribute[str]) -> Rule:
    """Rows that readers never see."""
    return lambda principal: _run_studies(principal, study)


def _of_study_or_reader(study: InstrumentedAttribute[str], reader: InstrumentedAttribute[str]) -> Rule:
    """Rows of studies that one runs, and one's own as a reader."""
    return lambda principal: _or_reads(principal, _run_studies(principal, study), reader.in_(_own_readings(principal)))


def _study_items(principal: Principal) -> ColumnElement[bool]:
    mine = StudyItem.id.in_(_own_assignments(principal, _ITEMS.c.id))
    return _or_reads(principal, _run_studies(principal, StudyItem.study_id), mine)


def _study_cases(principal: Principal) -> ColumnElement[bool]:
    """Readers are served pixels of the images in their order."""
    mine = StudyCase.id.in_(_own_assignments(principal, _ITEMS.c.study_case_id))
    return _or_reads(principal, _run_studies(principal, StudyCase.study_id), mine)


def _groups(principal: Principal) -> ColumnElement[bool]:
    return true() if principal.is_administrator else Group.id.in_(sorted(principal.group_ids))


def _memberships(principal: Principal) -> ColumnElement[bool]:
    return true() if principal.is_administrator else Membership.user_id == principal.user_id


def _shares(principal: Principal) -> ColumnElement[bool]:
    """A group one does not belong to stays unknown, also on a case that one sees."""
    return true() if principal.is_administrator else CaseShare.group_id.in_(sorted(principal.group_ids))


def _users(principal: Principal) -> ColumnElement[bool]:
    return true() if principal.may(Permission.PEOPLE_READ) else User.id == principal.user_id


def _own_sessions(principal: Principal) -> ColumnElement[bool]:
    return UserSession.user_id == principal.user_id


def _own_tokens(principal: Principal) -> ColumnElement[bool]:
    return ApiToken.user_id == principal.user_id


def _with(permission: Permission) -> Rule:
    def rule(principal: Principal) -> ColumnElement[bool]:
        return true() if principal.may(permission) else false()

    return rule


def _nobody(_: Principal) -> ColumnElement[bool]:
    return false()


# Every table has a rule (test_rules.py): a new one must be thought about.
RULES: dict[type[Base], Rule] = {
    Case: visible_cases,
    CaseShare: _shares,
    Prediction: _predictions,
    Intervention: _interventions,
    Label: _labels,
    InterventionBatch: _with(Permission.EXPERIMENTS_WRITE),
    # Figures and pictures of data sets: for those who may see these.
    JobRow: _with(Permission.DATASETS_READ),
    JobEvent: _with(Permission.DATASETS_READ),
    TrainingRun: _with(Permission.DATASETS_READ),
    DiagnosisRow: _with(Permission.DATASETS_READ),
    ComparisonRow: _with(Permission.DATASETS_READ),
    # Figures of a model, of no single image: for those who may see the model.
    EvidenceRow: _with(Permission.MODELS_READ),
    ModelActivation: _with(Permission.MODELS_READ),
    ReaderStudy: _studies,
    StudyMember: _of_run_study(StudyMember.study_id),
    StudyProtocol: _of_run_study(StudyProtocol.study_id),
    StudyCase: _study_cases,
    StudyItem: _study_items,
    StudyReader: _of_study_or_reader(StudyReader.study_id, StudyReader.id),
    StudyAssignment: _of_study_or_reader(StudyAssignment.study_id, StudyAssignment.reader_id),
    StudyResponse: _of_study_or_reader(StudyResponse.study_id, StudyResponse.reader_id),
    ResponseAmendment: _of_study_or_reader(ResponseAmendment.study_id, ResponseAmendment.reader_id),
    StudyQuery: _of_study_or_reader(StudyQuery.study_id, StudyQuery.reader_id),
    ModelVersion: _with(Permission.MODELS_READ),
    ConceptSetRow: _with(Permission.MODELS_READ),
    ConceptSetRevision: _with(Permission.MODELS_READ),
    Dataset: _with(Permission.DATASETS_READ),
    User: _users,
    Group: _groups,
    Membership: _memberships,
    UserSession: _own_sessions,
    ApiToken: _own_tokens,
    # Whoever holds the secret is let through by ``auth``, which acts as the system there.
    AccountLink: _nobody,
    SignInFlow: _nobody,
    AuditEvent: _with(Permission.AUDIT_READ),
}
