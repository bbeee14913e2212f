"""Readers at once: ``python -m benchmarks.reader_study --out docs/results/reader-study-load.md``.

A server of its own on a new data folder with the default database, on loopback; the readers are in this process, on
the same machine. Afterwards the rows are compared with what was acknowledged.
"""

# ruff: noqa: T201 (its output)

from __future__ import annotations

import argparse
import asyncio
import os
import shlex
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import select

from backend.core.settings import Settings
from backend.db.session import Database
from backend.db.study_tables import StudyResponse
from benchmarks.reader_study.filling import Filled, fill
from benchmarks.reader_study.reading import Measured, Reader
from benchmarks.refinement.api import private_server

GOAL_MS = 100


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--think", type=float, default=1.0, help="mean seconds of a reader at an item; 0: none")
    parser.add_argument("--minutes", type=float, default=15, help="at most so long")
    parser.add_argument("--out", type=Path, help="file for the report; printed if left out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        print("filling the database", flush=True)
        filled = fill(data, given.readers, given.items)
        with private_server(data, data, VITRINE_EMBEDDED_WORKER="false") as (address, _):
            _wait(address)
            print("reading", flush=True)
            measured, seconds = asyncio.run(_run(address, filled, given))
        kept = _kept(data, filled.study_id)
    report = _report(given, measured, seconds, kept)
    print(report)
    if given.out:
        given.out.write_text(report, encoding="utf-8")
    if kept != measured.acknowledged:
        sys.exit("reader_study: what the server acknowledged and what it holds differ")


def _wait(address: str) -> None:
    """Until the models are loaded: a server that has just started has no processor to spare."""
    with httpx.Client(base_url=f"{address}/api/v1", timeout=60) as client:
        while client.get("/health").json()["status"] == "starting":
            time.sleep(1)


async def _run(address: str, filled: Filled, given: argparse.Namespace) -> tuple[Measured, float]:
    measured = Measured()
    limits = httpx.Limits(max_connections=given.readers, max_keepalive_connections=given.readers)
    async with httpx.AsyncClient(base_url=f"{address}/api/v1", limits=limits, timeout=60) as client:
        begin = time.monotonic()
        ends_at = begin + given.minutes * 60
        readers = [
            Reader(client, filled.study_id, secret, seed, given.think)
            for seed, secret in enumerate(filled.readers.values())
        ]
        await asyncio.gather(*(reader.read(measured, ends_at) for reader in readers))
        return measured, time.monotonic() - begin


def _kept(data: Path, study_id: str) -> dict[str, int]:
    """Rating by assignment, of the rows. More than one row of an assignment cannot be: the table forbids it."""
    database = Database(Settings(data_dir=data).resolved_database_url)
    with database.reading() as session:
        rows = session.execute(
            select(StudyResponse.assignment_id, StudyResponse.answers).where(StudyResponse.study_id == study_id)
        ).all()
    database.close()
    return {assignment: answers["rating"] for assignment, answers in rows}


def _report(given: argparse.Namespace, measured: Measured, seconds: float, kept: dict[str, int]) -> str:
    command = f".venv/bin/python -m benchmarks.reader_study {shlex.join(_shown(sys.argv[1:]))}".rstrip()
    lost = sum(kept.get(assignment) != rating for assignment, rating in measured.acknowledged.items())
    lines = [
        "# Readers at once",
        "",
        (
            f"`{command}`, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors for server and readers, load "
            f"{os.getloadavg()[1]:.1f} over the last five minutes. Default database (SQLite), one server process."
        ),
        "",
        (
            f"{given.readers} readers, {given.items} items each, {given.think:g} s at an item on average; "
            f"{seconds:.0f} s in all."
        ),
        "",
        "| request | count | median ms | p95 ms | p99 ms | slowest ms |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for kind, found in measured.seconds.items():
        cuts = statistics.quantiles(found, n=100) if len(found) > 1 else [found[0]] * 99
        figures = (statistics.median(found), cuts[94], cuts[98], max(found))
        lines.append(f"| {kind} | {len(found)} | " + " | ".join(f"{figure * 1000:.1f}" for figure in figures) + " |")
    every = [*measured.seconds.get("answer", []), *measured.seconds.get("draft", [])]
    p95 = statistics.quantiles(every, n=100)[94] * 1000
    reached = "reached" if p95 < GOAL_MS else "missed"
    lines += [
        "",
        (
            f"Saving (drafts and answers): p95 {p95:.1f} ms; the goal of {GOAL_MS} ms is {reached}. "
            f"{len(measured.acknowledged) / seconds:.1f} answers a second."
        ),
        "",
        (
            f"Acknowledged answers: {len(measured.acknowledged)}. Rows: {len(kept)}. Lost or changed: {lost}. "
            f"Sent twice on purpose: {measured.again}. Failed requests, all tried again: "
            f"{sum(measured.failures.values())}{_failures(measured)}."
        ),
        "",
    ]
    return "\n".join(lines)


def _failures(measured: Measured) -> str:
    told = ", ".join(f"{name} x {count}" for name, count in sorted(measured.failures.items()))
    return f" ({told})" if told else ""


def _shown(arguments: list[str]) -> list[str]:
    """Without the file that the report goes to."""
    if "--out" not in arguments:
        return arguments
    place = arguments.index("--out")
    return arguments[:place] + arguments[place + 2 :]


if __name__ == "__main__":
    main()
