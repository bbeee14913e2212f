"""Who acts.

The middleware (``auth.identify``) sets the principal of each request before anything else runs, and the database
shows each principal only what they may see (``rules``). Threads of the server itself act as ``SYSTEM``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from backend.access.permissions import Permission, Role


@dataclass(frozen=True)
class Principal:
    """Somebody, or the server itself.

    Args:
        name: how the audit trail calls them.
        user_id: of the account.
        role: of the account.
        permissions: of the role; with an API token only those that it was given.
        group_ids: the groups they belong to.
        session_id: of the session in the browser that they came with.
        token_id: of the API token that they came with.
        must_change_password: they signed in with a one-time password and can do nothing else before they have another.
        unrestricted: sees and may do everything.
    """

    name: str
    user_id: str | None = None
    role: Role | None = None
    permissions: frozenset[Permission] = frozenset()
    group_ids: frozenset[str] = frozenset()
    session_id: str | None = None
    token_id: str | None = None
    must_change_password: bool = False
    unrestricted: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether this kind of thing is permitted at all."""
        return self.unrestricted or permission in self.permissions

    @property
    def is_administrator(self) -> bool:
        """Sees and may change all cases."""
        return self.unrestricted or self.role is Role.ADMINISTRATOR


SYSTEM = Principal("system", unrestricted=True)
ANONYMOUS = Principal("anonymous")

_current: ContextVar[Principal] = ContextVar("principal", default=SYSTEM)


def current() -> Principal:
    """Who acts now."""
    return _current.get()


def become(principal: Principal) -> None:
    """From here on, in this request, ``principal`` acts."""
    _current.set(principal)


@contextmanager
def acting_as(principal: Principal) -> Iterator[None]:
    """Inside the block, ``principal`` acts."""
    token = _current.set(principal)
    try:
        yield
    finally:
        _current.reset(token)
