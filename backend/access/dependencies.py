"""``needs``: how a route says what it takes. ``check_routes`` stops a server that has a route which does not."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, HTTPBearer

from backend.access.errors import HeaderMissing, NotAllowed, NotSignedIn, PasswordChangeNeeded
from backend.access.permissions import Permission
from backend.access.principal import Principal, current

SESSION_COOKIE = "vitrine_session"
# Only a page of ours can send it without asking us first, which browsers do for headers of one's own (CORS preflight).
PAGE_HEADER = "x-vitrine"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# Only described here, for the OpenAPI file; ``auth.identify`` reads them.
_COOKIE = APIKeyCookie(name=SESSION_COOKIE, auto_error=False, description="Set by POST /auth/login.")
_BEARER = HTTPBearer(auto_error=False, description="A personal API token.")


class Requirement:
    """A dependency that refuses whoever lacks a permission.

    Args:
        permission: None for routes that are open to everybody, signed in or not.
    """

    def __init__(self, permission: Permission | None) -> None:
        self.permission = permission

    # async, though nothing is awaited: a plain function would cost a thread's turn in every request.
    async def __call__(
        self, request: Request, _cookie: Annotated[Any, Depends(_COOKIE)], _bearer: Annotated[Any, Depends(_BEARER)]
    ) -> None:
        require(request, self.permission)


class Public(Requirement):
    """A dependency of routes that everybody may call."""

    def __init__(self) -> None:
        super().__init__(None)

    async def __call__(self, request: Request) -> None:  # type: ignore[override]
        require(request, None)


def require(request: Request, permission: Permission | None) -> None:
    """Raises ``NotSignedIn``, ``PasswordChangeNeeded``, ``NotAllowed`` or ``HeaderMissing``."""
    principal = current()
    if principal.unrestricted:
        raise RuntimeError("nobody was identified; is the middleware missing?")
    if permission is None:
        return
    if principal.user_id is None:
        raise NotSignedIn
    if principal.session_id and request.method not in _SAFE_METHODS and PAGE_HEADER not in request.headers:
        raise HeaderMissing
    if principal.must_change_password and permission is not Permission.ACCOUNT:
        raise PasswordChangeNeeded
    if not principal.may(permission):
        raise NotAllowed


def needs(permission: Permission) -> Any:
    """For ``dependencies=`` of a route: only who has the permission gets through."""
    return Depends(Requirement(permission))


def public() -> Any:
    """For ``dependencies=`` of a route: everybody gets through."""
    return Depends(Public())


async def get_principal() -> Principal:
    return current()


PrincipalDep = Annotated[Principal, Depends(get_principal)]


def check_routes(router: APIRouter) -> None:
    """Raises ``RuntimeError`` for a route that does not say who may call it, and for what is not a plain route."""
    silent = [str(route) for route in router.routes if not (isinstance(route, APIRoute) and _says(route.dependant))]
    if silent:
        raise RuntimeError(f"these routes do not say who may call them (needs or public): {', '.join(silent)}")


def _says(dependant: Dependant) -> bool:
    return any(isinstance(each.call, Requirement) for each in dependant.dependencies)
