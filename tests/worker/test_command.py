"""``vitrine worker``, with the handlers that are really there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from backend.jobs.dispatcher import JobDispatcher
from backend.jobs.kinds import JobKind
from tests.worker.site import BrokerProcess, Site

COMMAND = [sys.executable, "-c", "from backend.cli.main import app; app()", "worker"]


def test_it_takes_jobs_from_a_broker_and_ends_when_told(
    valkey: BrokerProcess, site: Site, sending: JobDispatcher
) -> None:
    environment = {**os.environ, "VITRINE_DATA_DIR": str(site.data), "VITRINE_BROKER_URL": valkey.url}
    process = subprocess.Popen([*COMMAND, "--queue", "short"], env=environment)
    try:
        row = site.ended(site.job(JobKind.DIAGNOSIS))  # a job of no diagnosis: it has nothing to prepare
        assert row.status == "failed"
        assert row.error
        assert str(process.pid) in row.worker  # the command has become the worker
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.wait()


def test_without_a_broker_it_says_what_is_missing(site: Site) -> None:
    environment = {**os.environ, "VITRINE_DATA_DIR": str(site.data), "VITRINE_BROKER_URL": ""}
    done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "VITRINE_BROKER_URL" in done.stderr
