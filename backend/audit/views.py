"""Views as events: who looked at what."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.db.session import Database

# A page asks for a case, its image and its maps within a second, and again when it is looked at again: one view.
SAME_VIEW_SECONDS = 600.0
_REMEMBERED = 20_000


class ViewLog:
    """Notes views, before what is viewed is sent.

    Args:
        database: to write to.
        same_view_seconds: further requests of the same person for the same thing within this time are the same view.
    """

    def __init__(self, database: Database, same_view_seconds: float = SAME_VIEW_SECONDS) -> None:
        self._database = database
        self._seconds = same_view_seconds
        self._noted: OrderedDict[tuple[str, str, str], float] = OrderedDict()
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def note(self, action: str, subject: Subject, details: Mapping[str, Any] | None = None) -> None:
        """Adds an event, unless it is the same view still.

        Args:
            action: such as ``case.viewed``.
            subject: what is looked at.
            details: what else the trail should say; other details are another view.
        """
        who = current()
        key = (who.name, action, f"{subject} {sorted((details or {}).items())}")
        if self._is_noted(key):
            return
        with self._writing:  # of requests that come at once, the first notes it and the others wait until it has
            if self._is_noted(key):
                return
            with self._database.writing() as session:
                record(session, action, subject, after=details)
            self._remember(key)

    def _is_noted(self, key: tuple[str, str, str]) -> bool:
        with self._lock:
            noted = self._noted.get(key)
            return noted is not None and time.monotonic() - noted < self._seconds

    def _remember(self, key: tuple[str, str, str]) -> None:
        with self._lock:
            self._noted[key] = time.monotonic()
            self._noted.move_to_end(key)
            while len(self._noted) > _REMEMBERED:
                self._noted.popitem(last=False)
