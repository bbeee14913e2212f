"""What is known of the request that is being answered."""

from __future__ import annotations

from contextvars import ContextVar

SYSTEM = "system"
LOCAL = "local"

# Of the machine that asks, or "-" outside requests.
client_address: ContextVar[str] = ContextVar("client_address", default="-")
# Who acts: the server itself, or whoever can reach it, since there are no accounts yet.
actor: ContextVar[str] = ContextVar("actor", default=SYSTEM)
