"""What is particular to each kind of job: the domains' handlers, as the server has them."""

from __future__ import annotations

from backend.job_handlers import HANDLERS

__all__ = ["HANDLERS"]
