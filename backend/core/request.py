"""What is known of the request that is being answered."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from anyio import from_thread
from starlette.requests import Request

# Of the machine that asks, or "-" outside requests.
client_address: ContextVar[str] = ContextVar("client_address", default="-")


def is_gone(request: Request) -> Callable[[], bool]:
    """Says, from the thread that answers a request, whether who sent it has closed the connection meanwhile."""
    return lambda: from_thread.run(request.is_disconnected)
