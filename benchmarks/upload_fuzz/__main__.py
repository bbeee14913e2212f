"""Damaged files at the door: ``python -m benchmarks.upload_fuzz FOLDER… --out docs/results/upload-fuzz.md``.

A server of its own on a new data folder, on loopback. First every file of the folders and of pydicom as it is, then
changed ones. Each must get 201 (200: again) or a 4xx with a reason; afterwards the server holds what it held before.
"""

# ruff: noqa: T201 (its output)

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shlex
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pydicom.data

from benchmarks.refinement.api import private_server
from benchmarks.upload_fuzz.mutating import mutate
from benchmarks.upload_fuzz.sending import Seen, by_process, send_all

LARGEST = 2 * 1024 * 1024  # of a file that is changed; larger ones are sent as they are
SETTLE = 10.0  # seconds
WARM_UP = 40  # files


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "folders", nargs="*", type=Path, help="files as they are, such as the unpacked sources of Pillow"
    )
    parser.add_argument("--inputs", type=int, default=20_000, help="changed files")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=60, help="at most so long")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), help="folder for files with a wrong answer")
    parser.add_argument("--out", type=Path, help="file for the report; printed if left out")
    given = parser.parse_args()
    corpus = _corpus(given.folders)
    print(f"{len(corpus)} files", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        scopes = ("cases:read", "cases:write")
        with private_server(data, data, scopes, VITRINE_EMBEDDED_WORKER="false") as (address, token):
            report, wrong = _run(address, token, corpus, given)
    print(report)
    if given.out:
        given.out.write_text(report, encoding="utf-8")
    if wrong:
        sys.exit(f"upload_fuzz: {wrong} answers were wrong; the files are in {given.keep}")


def _corpus(folders: list[Path]) -> list[Path]:
    own = [Path(name) for name in pydicom.data.get_testdata_files() if Path(name).is_file()]
    found = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return sorted(set(own)) + found


def _run(address: str, token: str, corpus: list[Path], given: argparse.Namespace) -> tuple[str, int]:
    with httpx.Client(base_url=f"{address}/api/v1", timeout=60) as client:
        while client.get("/health").json()["status"] == "starting":
            time.sleep(1)
    pid = _server(int(address.rpartition(":")[2]))

    def send(files: Iterator[tuple[str, bytes]]) -> Seen:
        return asyncio.run(send_all(address, token, files, given.at_once, given.keep, pid))

    # The first uploads load what stays in memory; so many at a time that every process that decodes has started.
    send((path.name, path.read_bytes()) for path in corpus[:WARM_UP])
    time.sleep(SETTLE)
    before, began = by_process(pid), time.monotonic()

    real = send((path.name, path.read_bytes()) for path in corpus)
    print(f"real files: {sum(real.outcomes.values())}, wrong {len(real.wrong)}", flush=True)
    changed = send(_changed(corpus, given, began))
    seconds = time.monotonic() - began
    time.sleep(SETTLE)
    after = by_process(pid)
    lines = [
        "# Damaged files at the door",
        "",
        (
            f"`.venv/bin/python -m benchmarks.upload_fuzz {shlex.join(_shown(sys.argv[1:]))}`, "
            f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors, {seconds:.0f} s, {given.at_once} at a time."
        ),
        "",
        (
            f"Memory of the server and its children: {_in_mib(before)} MiB before, {_in_mib(after)} MiB after, "
            f"{max(real.peak, changed.peak) >> 20} MiB at most at one moment. "
            f"Processes: {len(before)} before, {len(after)} afterwards."
        ),
        "",
        *_table(f"{len(corpus)} real files, as they are", real),
        *_table(f"{sum(changed.outcomes.values())} changed files, seed {given.seed}", changed),
    ]
    return "\n".join(lines), len(real.wrong) + len(changed.wrong)


def _changed(corpus: list[Path], given: argparse.Namespace, began: float) -> Iterator[tuple[str, bytes]]:
    draw = random.Random(given.seed)  # noqa: S311
    files = [path.read_bytes() for path in corpus if 0 < path.stat().st_size <= LARGEST]
    for number in range(given.inputs):
        if time.monotonic() - began > given.minutes * 60:
            return
        if number % 1000 == 0:
            print(f"{number} changed files, {time.monotonic() - began:.0f} s", flush=True)
        yield f"changed-{number}", mutate(files, draw)


def _in_mib(parts: list[int]) -> str:
    """The sum, and what each process holds, the server first."""
    return f"{sum(parts) >> 20} ({' + '.join(str(part >> 20) for part in parts)})"


def _server(port: int) -> int:
    """Process that listens on a port of the loopback."""
    listening = f":{port:04X} "
    inodes = {
        line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if listening in line.split()[1] + " " and line.split()[3] == "0A"
    }  # fmt: skip
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(link.readlink()).removeprefix("socket:[").removesuffix("]") in inodes:
                return int(link.parts[2])
        except OSError:
            continue
    raise RuntimeError("no process listens there")


def _table(title: str, seen: Seen) -> list[str]:
    if not seen.seconds:
        return [f"## {title}", "", "None: the time was over.", ""]
    cuts = statistics.quantiles(seen.seconds, n=100) if len(seen.seconds) > 1 else [0.0] * 99
    rows = [f"| {outcome} | {count} |" for outcome, count in seen.outcomes.most_common()]
    told = f"Busy, sent again: {seen.busy}. Wrong answers: {len(seen.wrong)}."
    times = f"median {statistics.median(seen.seconds) * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms"
    return [
        f"## {title}", "", "| answer | count |", "| --- | ---: |", *rows, "",
        f"{told} Time: {times}, longest {max(seen.seconds):.1f} s.", "",
        *(f"- {name}: {problem}" for name, problem in seen.wrong[:50]), "",
    ]  # fmt: skip


def _shown(arguments: list[str]) -> list[str]:
    """Without folders of this machine and the file that the report goes to."""
    if "--out" in arguments:
        place = arguments.index("--out")
        arguments = arguments[:place] + arguments[place + 2 :]
    return [Path(each).name if "/" in each else each for each in arguments]


if __name__ == "__main__":
    main()
