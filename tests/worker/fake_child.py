"""The child of a fake job (``fakes``)."""

from __future__ import annotations

import errno
import os
import sys
import time
from pathlib import Path
from typing import Any

from backend.core.child import Reporter
from backend.jobs.kinds import JobKind
from worker.child import main


def note(work: Path, name: str, what: object) -> None:
    """A line in a file of the job's folder."""
    with (work / name).open("a", encoding="utf-8") as stream:
        stream.write(f"{what}\n")


def run(content: dict[str, Any], reporter: Reporter) -> None:
    """Steps, each saved; a new attempt goes on after the last one. Between them it may wait for a file, or break."""
    plan, work = content["plan"], Path(content["work"])
    note(work, "started", f"{os.getpid()} {content['attempt']} {time.time()}")
    saved = work / "saved"
    first = int(saved.read_text("ascii")) if saved.is_file() else 0
    reporter.log(f"begins after step {first}")
    steps = plan.get("steps", 1)
    for step in range(first + 1, steps + 1):
        while step == plan.get("wait_at") and not (work / "go").exists():
            reporter("Steps", step, steps)
            time.sleep(0.02)
        if step == plan.get("break_at"):
            _break(plan["how"])
        saved.write_text(str(step), "ascii")
        note(work, "steps", step)
        reporter.epoch({"epoch": step})
    note(work, "through", time.time())


def _break(how: str) -> None:
    if how == "memory":
        raise MemoryError
    if how == "full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if how == "device":
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")
    if how == "refused":
        from backend.jobs.handling import JobRefused  # noqa: PLC0415 (it takes a second)

        raise JobRefused("The data set is gone; import it again.")
    if how == "noise":
        os.write(int(sys.argv[1]), b"no JSON\n")
        time.sleep(60)
    raise ZeroDivisionError(how)


if __name__ == "__main__":
    main(dict.fromkeys(JobKind, run))
