"""Stands in for ``backend.intervention_batches.child``: what it does follows from the seed of the batch.

``SUCCEED`` leaves a result; ``HANG`` starts another process, writes both numbers down beside the job's folder and
waits; ``DIE`` is killed; ``BREAK`` has a fault; ``REFUSE`` fails with a reason.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from backend.core.child import read_line
from backend.core.processes import end_with_parent
from backend.intervention_batches.jobs import RESULT, ROWS
from backend.intervention_batches.rows import pack

SUCCEED, HANG, DIE, BREAK, REFUSE = range(5)
RESULT_OF = {
    "images": 2,
    "flipped": 1,
    "accuracy_before": 0.5,
    "accuracy_after": None,
    "classes": [
        {
            "key": "mel", "name": "Melanoma", "mean_before": 0.75, "mean_after": 0.5, "drop": 0.25, "low": 0.125,
            "high": 0.375,
        },
    ],
}  # fmt: skip
ROWS_OF: list[dict[str, Any]] = [
    {
        "image": name, "class": label, "predicted_before": "mel", "predicted_after": after, "flipped": after != "mel",
        "before": {"mel": 0.75}, "after": {"mel": 0.5},
    }
    for name, label, after in (("=a.png", "mel", "mel"), ("b.png", None, "nv"))
]  # fmt: skip


def main() -> None:
    events = os.fdopen(int(sys.argv[1]), "w")
    job = json.loads(read_line())
    end_with_parent()
    out, behaviour = Path(job["out"]), job["seed"]

    def send(**event: object) -> None:
        print(json.dumps(event), file=events, flush=True)

    send(event="progress", stage="scoring", done=3, total=20)
    if behaviour == HANG:
        other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        (out.parent.parent / f"processes-{out.name}").write_text(f"{os.getpid()} {other.pid}")
        time.sleep(600)
    elif behaviour == DIE:
        os.kill(os.getpid(), signal.SIGKILL)
    elif behaviour == BREAK:
        send(event="broken")
    elif behaviour == REFUSE:
        send(event="failed", reason=f"refused {job['split']} of {job['dataset']}")
    else:
        (out / RESULT).write_text(json.dumps(RESULT_OF))
        (out / ROWS).write_bytes(pack(ROWS_OF))
        send(event="done")


if __name__ == "__main__":
    main()
