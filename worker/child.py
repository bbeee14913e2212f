"""The process of one job: ``python -m worker.child FD``; FD takes its events. See ``backend.core.child``."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from backend.core.child import NICENESS, Reporter, read_line
from backend.core.processes import end_with_parent
from backend.jobs.kinds import JobKind
from worker.words import reason_of

Runner = Callable[[dict[str, Any], Reporter], None]


def main(runners: Mapping[JobKind, Runner]) -> None:
    """One job, from standard input to its last event.

    Args:
        runners: do it; what they raise ends the job, in words where the person who started it can do something.
    """
    os.nice(NICENESS)  # the server's requests go first
    reporter = Reporter(os.fdopen(int(sys.argv[1]), "w"))
    job = json.loads(read_line())
    end_with_parent(job.pop("silence"))
    kind = JobKind(job.pop("kind"))
    try:
        runners[kind](job, reporter)
    except Exception as error:  # noqa: BLE001 (it ends the process either way; this way the worker learns why)
        traceback.print_exc()
        reason = reason_of(error, kind)
        reporter.send({"event": "broken"} if reason is None else {"event": "failed", "reason": reason})
    else:
        reporter.send({"event": "done"})


def _train(content: dict[str, Any], reporter: Reporter) -> None:
    from backend.training_runs.running import run_training  # noqa: PLC0415 (only what this job needs)

    run_training(content, reporter)


def _diagnose(content: dict[str, Any], reporter: Reporter) -> None:
    from backend.diagnoses.running import run_diagnosis  # noqa: PLC0415

    run_diagnosis(content, reporter)


def _compare(content: dict[str, Any], reporter: Reporter) -> None:
    from backend.comparisons.running import run_comparison  # noqa: PLC0415

    run_comparison(content, reporter)


def _publish(content: dict[str, Any], reporter: Reporter) -> None:
    from backend.reader_studies.running import run_publication  # noqa: PLC0415

    run_publication(content, reporter)


def _measure(content: dict[str, Any], reporter: Reporter) -> None:
    from backend.evidence.running import run_measurement  # noqa: PLC0415

    run_measurement(content, reporter)


RUNNERS: dict[JobKind, Runner] = {
    JobKind.TRAINING: _train,
    JobKind.DIAGNOSIS: _diagnose,
    JobKind.COMPARISON: _compare,
    JobKind.STUDY: _publish,
    JobKind.EVIDENCE: _measure,
}

if __name__ == "__main__":
    main(RUNNERS)
