"""The middleware that finds out who asks, before anything else of the application runs."""

from __future__ import annotations

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.access.dependencies import SESSION_COOKIE
from backend.access.errors import NotSignedIn
from backend.access.principal import ANONYMOUS, Principal, become
from backend.auth.sessions import identify_session, identify_token
from backend.core.errors import error_response
from backend.core.middleware import BodyCounter
from backend.resources import Resources

# Threads of its own: who asks must be found out also when every worker thread waits for the model.
_THREADS = 8


class Identify:
    """Sets the principal from a bearer token or the session's cookie; without either it is ``ANONYMOUS``.

    Args:
        app: what comes next.
        prefix: of the interface; elsewhere only the page's own files are.
        without: addresses that must be answered even when the database is not.
        open_to_all: how addresses begin that need no account. At all others strangers are refused here already, before
            a byte of what they send is kept.
        body_limit: of what a stranger sends, so much is read and thrown away.
    """

    def __init__(
        self, app: ASGIApp, prefix: str, without: frozenset[str], open_to_all: tuple[str, ...], body_limit: int
    ) -> None:
        self._app = app
        self._prefix = prefix
        self._without = without
        self._open_to_all = open_to_all
        self._body_limit = body_limit
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":  # whatever comes from outside
            become(ANONYMOUS)
        if scope["type"] == "http":
            path = scope["path"].rstrip("/")
            if path.startswith(self._prefix) and path not in self._without:
                principal = await self._identify(scope)
                become(principal)
                if principal is ANONYMOUS and not path.startswith(self._open_to_all):
                    await self._refuse(scope, receive, send)
                    return
        await self._app(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            # Many clients show a broken connection in place of an answer that comes before they have sent all.
            await BodyCounter(receive, self._body_limit).drain()
        error = NotSignedIn()
        await error_response(error.status, error.code, error.detail, error.headers)(scope, receive, send)

    async def _identify(self, scope: Scope) -> Principal:
        headers = Headers(scope=scope)
        token = bearer_token(headers)
        secret = session_secret(headers, scope["scheme"]) or ""
        if token is None and not secret:
            return ANONYMOUS
        resources: Resources = scope["app"].state.resources
        if self._limiter is None:
            self._limiter = CapacityLimiter(_THREADS)
        if token is not None:  # whoever sends one means it, whatever cookie the browser adds
            return await to_thread.run_sync(identify_token, resources.database, token, limiter=self._limiter)
        return await to_thread.run_sync(
            identify_session, resources.database, resources.settings, secret, limiter=self._limiter
        )


def cookie_name(scheme: str) -> str:
    """With TLS the name forbids the browser to take the cookie from, or show it to, anything but this very host."""
    return f"__Host-{SESSION_COOKIE}" if scheme == "https" else SESSION_COOKIE


def session_secret(headers: Headers, scheme: str) -> str | None:
    """What the session's cookie holds."""
    return cookie_parser(headers.get("cookie", "")).get(cookie_name(scheme)) or None


def bearer_token(headers: Headers) -> str | None:
    """What stands after ``Authorization: Bearer``."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() or None if kind.lower() == "bearer" else None
