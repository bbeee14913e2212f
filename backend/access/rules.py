"""Which rows somebody sees. The only place where that is decided.

``guard`` hooks into every ORM statement of a session (select, update, delete, also in subqueries) and adds the rule of
each table that occurs in it. So a query that forgets to ask cannot show what is hidden, and a count cannot count it.
Core statements on tables (``Case.__table__``, ``text``) would go past it; ``tests/backend/access/test_bypasses.py``
keeps them out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from sqlalchemy import ColumnElement, True_, false, or_, select, true
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, with_loader_criteria

from backend.access.permissions import Permission
from backend.access.principal import Principal, current
from backend.db.base import Base
from backend.db.job_tables import (
    ComparisonRow,
    DiagnosisRow,
    JobEvent,
    JobRow,
    ModelActivation,
    TrainingRun,
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


def visible_cases(principal: Principal) -> ColumnElement[bool]:
    """One's own, those shared with a group one belongs to, and open ones. Administrators see all."""
    if not principal.may(Permission.CASES_READ):
        return false()
    if principal.is_administrator:
        return true()
    shared = select(CaseShare.case_id).where(CaseShare.group_id.in_(sorted(principal.group_ids)))
    return or_(
        Case.owner_id == principal.user_id,
        Case.visibility == "open",
        (Case.visibility == "groups") & Case.id.in_(shared),
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
    ModelActivation: _with(Permission.MODELS_READ),
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
