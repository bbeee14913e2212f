"""Routes of one's own account. An API token cannot use them."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from backend.access.dependencies import PrincipalDep, needs
from backend.access.errors import PasswordChangeNeeded
from backend.access.permissions import Permission
from backend.account import service
from backend.account.errors import ApiTokenNotFound, ScopeNotYours, TooManyTokens, UserSessionNotFound
from backend.account.schemas import (
    AccountUpdate,
    ApiTokenCreate,
    ApiTokenCreated,
    ApiTokenList,
    PasswordCreate,
    UserSessionList,
)
from backend.auth.errors import EmailTaken, SignsInElsewhere, TooManyAttempts, WeakPassword, WrongPassword
from backend.auth.schemas import SessionRead
from backend.auth.service import read_session
from backend.core.errors import ServerBusy, error_responses
from backend.core.schemas import PathId
from backend.dependencies import ReadSessionDep, ResourcesDep, WriteSessionDep

router = APIRouter(prefix="/account", tags=["account"], dependencies=[needs(Permission.ACCOUNT)])


async def own_password(principal: PrincipalDep) -> None:
    """A one-time password is for choosing another: a token made with it would outlive it."""
    if principal.must_change_password:
        raise PasswordChangeNeeded


OWN_PASSWORD = Depends(own_password)


@router.patch(
    "",
    dependencies=[OWN_PASSWORD],
    responses=error_responses(WrongPassword, SignsInElsewhere, EmailTaken, TooManyAttempts, ServerBusy),
)
def update_account(resources: ResourcesDep, principal: PrincipalDep, body: AccountUpdate) -> SessionRead:
    """Change one's name or e-mail address."""
    service.update_account(resources, principal, body)
    return read_session(resources, principal)


@router.post(
    "/password",
    status_code=204,
    response_class=Response,
    responses=error_responses(WrongPassword, SignsInElsewhere, WeakPassword, TooManyAttempts, ServerBusy),
)
def set_password(resources: ResourcesDep, principal: PrincipalDep, body: PasswordCreate) -> None:
    """Choose another password. All other sessions end; API tokens stay."""
    service.set_password(resources, principal, body)


@router.get("/sessions", dependencies=[OWN_PASSWORD])
def list_sessions(session: ReadSessionDep, resources: ResourcesDep, principal: PrincipalDep) -> UserSessionList:
    """Where one is signed in."""
    return service.list_sessions(session, principal, resources.settings.session_idle_minutes)


@router.delete("/sessions", status_code=204, dependencies=[OWN_PASSWORD], response_class=Response)
def end_other_sessions(session: WriteSessionDep, principal: PrincipalDep) -> None:
    """Sign out everywhere else."""
    service.end_other_sessions(session, principal)


@router.delete(
    "/sessions/{session_id}",
    status_code=204,
    dependencies=[OWN_PASSWORD],
    response_class=Response,
    responses=error_responses(UserSessionNotFound),
)
def end_session(session: WriteSessionDep, principal: PrincipalDep, session_id: PathId) -> None:
    """Sign out there."""
    service.end_session(session, principal, session_id)


@router.get("/tokens", dependencies=[OWN_PASSWORD])
def list_tokens(session: ReadSessionDep, principal: PrincipalDep) -> ApiTokenList:
    """One's API tokens, without their secrets."""
    return service.list_tokens(session, principal)


@router.post(
    "/tokens", status_code=201, dependencies=[OWN_PASSWORD], responses=error_responses(ScopeNotYours, TooManyTokens)
)
def create_token(session: WriteSessionDep, principal: PrincipalDep, body: ApiTokenCreate) -> ApiTokenCreated:
    """Make an API token. Its secret is in the answer and nowhere else."""
    return service.create_token(session, principal, body)


@router.delete(
    "/tokens/{token_id}",
    status_code=204,
    dependencies=[OWN_PASSWORD],
    response_class=Response,
    responses=error_responses(ApiTokenNotFound),
)
def revoke_token(session: WriteSessionDep, principal: PrincipalDep, token_id: PathId) -> None:
    """Revoke an API token at once."""
    service.revoke_token(session, principal, token_id)
