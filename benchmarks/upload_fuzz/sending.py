"""Uploads, some at a time, and what the server holds meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

PATIENCE = 120.0  # seconds for one answer
_BUSY = 503
_SAMPLE = 0.25


@dataclass
class Seen:
    """What happened to all files.

    Attributes:
        outcomes: how often, by status and code.
        seconds: of each answer.
        wrong: name of a file, and what was wrong about its answer.
        busy: how often the server said that it is busy; the file was sent again.
        peak: largest memory of the server and its children together, bytes.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    busy: int = 0
    peak: int = 0


async def send_all(
    address: str, token: str, files: Iterator[tuple[str, bytes]], at_once: int, keep: Path, pid: int
) -> Seen:
    """Sends each file and judges the answer.

    Args:
        address: of the server.
        token: with ``cases:write``.
        files: name and bytes.
        at_once: how many travel at a time.
        keep: folder for files whose answer was wrong.
        pid: of the server.
    """
    seen = Seen()
    headers = {"authorization": f"Bearer {token}"}
    done = asyncio.Event()
    async with httpx.AsyncClient(base_url=f"{address}/api/v1", headers=headers, timeout=PATIENCE) as client:
        watch = asyncio.create_task(_watch(pid, seen, done))
        await asyncio.gather(*(_sender(client, files, seen, keep) for _ in range(at_once)))
        done.set()
        await watch
    return seen


async def _sender(client: httpx.AsyncClient, files: Iterator[tuple[str, bytes]], seen: Seen, keep: Path) -> None:
    for name, content in files:
        problem = await _send(client, name, content, seen)
        if problem:
            seen.wrong.append((name, problem))
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{len(seen.wrong):04d}.bin").write_bytes(content)


async def _send(client: httpx.AsyncClient, name: str, content: bytes, seen: Seen) -> str | None:
    """What is wrong about the answer, in words."""
    while True:
        begin = time.perf_counter()
        try:
            answer = await client.post("/cases", files={"file": (name, content)})
        except httpx.HTTPError as error:
            return f"no answer: {type(error).__name__}"
        if answer.status_code == _BUSY:
            seen.busy += 1
            await asyncio.sleep(1)
            continue
        seen.seconds.append(time.perf_counter() - begin)
        return _judge(answer, seen)


def _judge(answer: httpx.Response, seen: Seen) -> str | None:
    try:
        body = answer.json()
    except ValueError:
        return f"{answer.status_code} without JSON"
    if answer.status_code in (200, 201):
        seen.outcomes[f"{answer.status_code} {body['source_format']}"] += 1
        return None if body["width"] > 0 else "a case without pixels"
    seen.outcomes[f"{answer.status_code} {body.get('error')}"] += 1
    if not 400 <= answer.status_code < 500:
        return f"{answer.status_code} {body.get('error')}"
    return None if len(body.get("detail", "")) > 20 else f"{answer.status_code} without a reason"


async def _watch(pid: int, seen: Seen, done: asyncio.Event) -> None:
    while not done.is_set():
        seen.peak = max(seen.peak, memory(pid))
        await asyncio.sleep(_SAMPLE)


def memory(pid: int) -> int:
    """Bytes in memory of a process and all that it started. Shared pages count once for each."""
    return sum(by_process(pid))


def by_process(pid: int) -> list[int]:
    """The same for each of them, the first one first."""
    return [_resident(each) for each in family(pid)]


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = status.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        parents[int(status.parent.name)] = int(rest[1])
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except (OSError, IndexError):
        return 0
