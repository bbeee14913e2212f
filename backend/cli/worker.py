"""``vitrine worker``: does jobs for a server that does not start workers of its own."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import Annotated

import typer

from backend.cli.console import fail, read_settings


class QueueOption(StrEnum):
    """Whose jobs to do."""

    TRAINING = "training"
    SHORT = "short"
    BOTH = "both"


def worker(
    queue: Annotated[QueueOption, typer.Option(help="Long jobs, short ones, or both, one of each at a time.")] = (
        QueueOption.BOTH
    ),
) -> None:
    """Do jobs that a server queues: beside one with VITRINE_BROKER_URL, on this machine or another one.

    Database, broker and data folder must be the server's: VITRINE_DATABASE_URL, VITRINE_BROKER_URL, VITRINE_DATA_DIR.
    """
    settings = read_settings()
    if settings.broker_url is None:
        fail("VITRINE_BROKER_URL is not set; without it the server starts its own workers, and needs no others")
    # The command line is part of the server, which never imports the worker (docs/adr/0001): so this becomes one.
    os.execv(sys.executable, [sys.executable, "-m", "worker", "--queue", queue.value])  # noqa: S606 (fixed arguments)
