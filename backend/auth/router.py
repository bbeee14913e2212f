"""Routes of signing in. All of them are open to everybody, but one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from backend.access.dependencies import PrincipalDep, needs, public
from backend.access.permissions import Permission
from backend.access.principal import acting_as, current
from backend.auth import oidc, service
from backend.auth.errors import (
    LinkInvalid,
    ProviderFailed,
    SignInRefused,
    SingleSignOnOff,
    TooManyAttempts,
    WeakPassword,
)
from backend.auth.identify import cookie_name
from backend.auth.schemas import LinkAccept, LinkCreate, LinkRead, LoginCreate, SessionRead
from backend.auth.sessions import Browser, Opened
from backend.core.errors import ServerBusy, error_responses
from backend.dependencies import ResourcesDep, WriteSessionDep
from backend.resources import Resources

router = APIRouter(prefix="/auth", tags=["auth"])

_FLOW_COOKIE = "vitrine_sign_in"
_FLOW_PATH = "/api/v1/auth/oidc"


@router.get("/session", dependencies=[public()])
def get_session(resources: ResourcesDep, principal: PrincipalDep) -> SessionRead:
    """Who is signed in, if anybody is, and how one signs in here."""
    return service.read_session(resources, principal)


@router.post("/login", dependencies=[public()], responses=error_responses(SignInRefused, TooManyAttempts, ServerBusy))
def log_in(request: Request, response: Response, resources: ResourcesDep, body: LoginCreate) -> SessionRead:
    """Sign in with e-mail and password; the session comes as a cookie. Scripts use an API token instead."""
    return _signed_in(request, response, resources, service.log_in(resources, body, _browser(request)))


@router.post("/logout", status_code=204, response_class=Response, dependencies=[needs(Permission.ACCOUNT)])
def log_out(request: Request, session: WriteSessionDep, principal: PrincipalDep) -> Response:
    """End this session."""
    service.log_out(session, principal)
    response = Response(status_code=204)
    response.delete_cookie(
        cookie_name(request.url.scheme), secure=_is_secure(request), httponly=True, samesite="strict"
    )
    # Pictures of patients are not left for whoever uses the browser next.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@router.post("/links/inspect", dependencies=[public()], responses=error_responses(LinkInvalid, TooManyAttempts))
def inspect_link(resources: ResourcesDep, body: LinkCreate) -> LinkRead:
    """Whom an invitation or a reset is for."""
    return service.read_link(resources, body.token.get_secret_value())


@router.post(
    "/links/accept",
    dependencies=[public()],
    responses=error_responses(LinkInvalid, WeakPassword, TooManyAttempts, ServerBusy),
)
def accept_link(request: Request, response: Response, resources: ResourcesDep, body: LinkAccept) -> SessionRead:
    """Choose a password with an invitation or a reset, and be signed in."""
    return _signed_in(request, response, resources, service.accept_link(resources, body, _browser(request)))


@router.get(
    "/oidc/start",
    dependencies=[public()],
    status_code=302,
    response_class=RedirectResponse,
    responses=error_responses(SingleSignOnOff),
)
def start_single_sign_on(
    request: Request,
    resources: ResourcesDep,
    next_path: Annotated[
        str, Query(alias="next", max_length=500, description="Page to show afterwards, on this server.")
    ] = "/",
) -> RedirectResponse:
    """Go to the site's identity provider to sign in there. If that fails, the sign-in page tells why."""
    try:
        address, secret = oidc.start(resources, _callback(request, resources), next_path)
    except (ProviderFailed, TooManyAttempts) as error:  # a person's browser comes here, which would show the JSON
        return RedirectResponse(f"/sign-in?problem={error.code}", status_code=302)
    response = RedirectResponse(address, status_code=302)
    response.set_cookie(  # Lax: the provider sends the browser back from another site
        _flow_cookie(request),
        secret,
        max_age=oidc.FLOW_SECONDS,
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )
    return response


@router.get(
    "/oidc/callback",
    dependencies=[public()],
    status_code=302,
    response_class=RedirectResponse,
    responses=error_responses(SingleSignOnOff),
)
def finish_single_sign_on(
    request: Request,
    resources: ResourcesDep,
    state: Annotated[str, Query(max_length=500)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=500, include_in_schema=False)] = "",
) -> RedirectResponse:
    """Where the provider sends the browser back to. What went wrong is told on the sign-in page."""
    answer = oidc.Answer(state=state, code=code, secret=request.cookies.get(_flow_cookie(request), ""), error=error)
    done = oidc.finish(resources, _callback(request, resources), answer, _browser(request))
    response = RedirectResponse(done.next_path, status_code=302)
    response.delete_cookie(_flow_cookie(request), secure=_is_secure(request), httponly=True, samesite="lax")
    if done.opened is not None:
        _set_cookie(request, response, resources, done.opened)
    return response


def _signed_in(request: Request, response: Response, resources: Resources, opened: Opened) -> SessionRead:
    _set_cookie(request, response, resources, opened)
    with acting_as(opened.principal):
        return service.read_session(resources, opened.principal)


def _set_cookie(request: Request, response: Response, resources: Resources, opened: Opened) -> None:
    response.set_cookie(
        cookie_name(request.url.scheme),
        opened.secret,
        max_age=resources.settings.session_hours * 3600,
        secure=_is_secure(request),
        httponly=True,
        samesite="strict",
    )


def _callback(request: Request, resources: Resources) -> str:
    base = resources.settings.public_url or f"{request.url.scheme}://{request.url.netloc}"
    return f"{base.rstrip('/')}{_FLOW_PATH}/callback"


def _flow_cookie(request: Request) -> str:
    """As with the session's: with TLS no host beside this one can plant it."""
    return f"__Host-{_FLOW_COOKIE}" if _is_secure(request) else _FLOW_COOKIE


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _browser(request: Request) -> Browser:
    text = request.headers.get("user-agent", "")
    name = "".join(letter for letter in text if letter.isprintable())[:200]
    return Browser(name, current().session_id)
