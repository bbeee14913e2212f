"""What happens to every request, as plain ASGI: nothing here holds a body in memory."""

from __future__ import annotations

import logging
import secrets
import time
from contextlib import suppress
from urllib.parse import urlsplit

from anyio import move_on_after
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.core.errors import PayloadTooLarge, error_response
from backend.core.logging import request_id
from backend.core.request import client_address
from backend.core.settings import MIB

logger = logging.getLogger(__name__)

_DRAIN_SECONDS = 10.0
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def content_security(styles: str = "") -> str:
    """The policy: scripts and styles only from files of this server, nothing at all from elsewhere.

    Args:
        styles: what else styles may come from, such as a nonce. The component library adds style elements.
    """
    return (
        f"default-src 'self'; script-src 'self'; style-src 'self' {styles}; img-src 'self' blob: data:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ).replace(" ;", ";")


SECURITY_HEADERS = {
    "Content-Security-Policy": content_security(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class RequestContext:
    """Outermost: request id, log line, security headers, and a clean answer to unknown errors."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identity = secrets.token_hex(8)
        token = request_id.set(identity)
        client_address.set(scope["client"][0][:64] if scope.get("client") else "-")
        start, status = time.perf_counter(), 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = identity
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception:
            logger.exception("unexpected error in %s %r", scope["method"], scope["path"])
            if status:
                raise  # half an answer is out: only breaking the connection tells the client
            detail = f"Something went wrong on the server; its log has the reason under {identity}."
            await error_response(500, "internal_error", detail)(scope, receive, answer)
        finally:
            took = (time.perf_counter() - start) * 1000
            # Monitors ask for the health every few seconds.
            level = logging.DEBUG if scope["path"].endswith("/health") else logging.INFO
            logger.log(level, "%s %r %d %.0f ms", scope["method"], scope["path"], status, took)
            request_id.reset(token)


class BodyLimit:
    """Counts the body while it streams in; more than the limit gives 413.

    What comes too much is read and thrown away, up to a bound, because a server that closes while the client still
    sends makes many clients show a broken connection in place of the answer.
    """

    def __init__(self, app: ASGIApp, limit: int, upload_limit: int, upload_paths: frozenset[str]) -> None:
        self._app = app
        self._limit = limit
        self._upload_limit = upload_limit
        self._upload_paths = upload_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._upload_limit if scope["path"].rstrip("/") in self._upload_paths else self._limit
        counter = BodyCounter(receive, limit)
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > limit:
            if "expect" not in Headers(scope=scope):  # who asks first has not started to send
                await counter.drain()
            await self._refuse(limit, scope, receive, send)
            return
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if counter.exceeded and not started:
                return  # the application's own idea of a broken body
            started = True
            await send(message)

        with suppress(_TooLarge):
            await self._app(scope, counter.receive, answer)
        if counter.exceeded and not started:
            await counter.drain()
            await self._refuse(limit, scope, receive, send)

    async def _refuse(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        size = f"{limit / MIB:.0f} MiB" if limit >= MIB else f"{limit} bytes"
        detail = f"The request is larger than {size}, the most the server takes here."
        response = error_response(PayloadTooLarge.status, PayloadTooLarge.code, detail, {"Connection": "close"})
        await response(scope, receive, send)


class _TooLarge(Exception):
    """Ends the application's reading."""


class BodyCounter:
    """A body as it streams in, up to a limit."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._seen = 0
        self._complete = False
        self.exceeded = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            self._complete = not message.get("more_body", False)
            if self._seen > self._limit:
                self.exceeded = True
                raise _TooLarge
        return message

    async def drain(self) -> None:
        """Throws away what still comes, as much again as the limit and some."""
        self.exceeded = True
        bound = self._seen + self._limit + 4 * MIB
        with move_on_after(_DRAIN_SECONDS):
            while not self._complete and self._seen < bound:
                message = await self._receive()
                if message["type"] != "http.request":
                    return
                self._seen += len(message.get("body", b""))
                self._complete = not message.get("more_body", False)


class SameOrigin:
    """Refuses changes that another web page asks for, and host names that are not this server's.

    The first stops a page on the web from deleting cases through the browser of somebody who has Vitrine open; the
    second stops one that made its own name point to this machine (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, allowed_hosts: tuple[str, ...]) -> None:
        self._app = app
        self._allowed_hosts = frozenset(host.lower() for host in allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            for check in (self._bad_host, self._foreign):
                problem = check(scope, headers)
                if problem:
                    await error_response(*problem)(scope, receive, send)
                    return
        await self._app(scope, receive, send)

    def _bad_host(self, _scope: Scope, headers: Headers) -> tuple[int, str, str] | None:
        if not self._allowed_hosts or _host_name(headers.get("host", "")) in self._allowed_hosts:
            return None
        detail = "This server does not answer to that host name; add it to VITRINE_TRUSTED_HOSTS."
        return 421, "untrusted_host", detail

    def _foreign(self, scope: Scope, headers: Headers) -> tuple[int, str, str] | None:
        if scope["method"] in _SAFE_METHODS:
            return None
        site = headers.get("sec-fetch-site")
        if site is not None:
            same = site in ("same-origin", "none")
        else:  # browsers from before 2023 (and over plain HTTP to other hosts) send Origin only
            origin = headers.get("origin")
            same = origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
        if same:
            return None
        return 403, "cross_site_request", "Changes are only taken from Vitrine's own pages or from scripts."


def _host_name(header: str) -> str:
    """Without port; IPv6 without brackets."""
    try:
        return (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:
        return ""
