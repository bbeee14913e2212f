"""Log lines with the id of the request they belong to."""

from __future__ import annotations

import logging
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")

_FORMAT = "%(asctime)s %(levelname)-7s %(request_id)s %(name)s: %(message)s"


class RequestIdFilter(logging.Filter):
    """Adds ``request_id`` to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


def configure_logging(level: str) -> None:
    """One handler for our own loggers. Libraries keep theirs."""
    for name in ("backend", "models", "worker"):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        if not any(isinstance(handler, _Handler) for handler in logger.handlers):
            handler = _Handler()
            handler.setFormatter(logging.Formatter(_FORMAT))
            handler.addFilter(RequestIdFilter())
            logger.addHandler(handler)


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]
    """Told apart from handlers that tests or a host application add."""
