"""What is known of the request that is being answered."""

from __future__ import annotations

from contextvars import ContextVar

# Of the machine that asks, or "-" outside requests.
client_address: ContextVar[str] = ContextVar("client_address", default="-")
