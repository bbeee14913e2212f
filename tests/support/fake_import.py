"""Stands in for ``backend.datasets.child``: what it does is written in the file ``behave`` of the folder it imports.

``hang`` starts another process, writes both numbers down and waits; ``die`` is killed;
``break`` has a fault; ``rubbish`` says something that is no JSON and ends; a number waits for so many seconds.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from backend.core.child import read_line
from backend.core.processes import end_with_parent


def main() -> None:
    events = os.fdopen(int(sys.argv[1]), "w")
    job = json.loads(read_line())
    end_with_parent()
    source, out = Path(job["source"]), Path(job["out"])
    (out.parent / ".half.importing-1").mkdir()

    def send(**event: object) -> None:
        print(json.dumps(event), file=events, flush=True)

    send(event="progress", stage="reading", done=3, total=20)
    behave = (source / "behave").read_text()
    if behave == "hang":
        other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        (source / "processes").write_text(f"{os.getpid()} {other.pid}")
        time.sleep(600)
    elif behave == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif behave == "break":
        sys.stderr.write("a fault, for the log\n")
        send(event="broken")
    elif behave == "rubbish":
        print("{", file=events, flush=True)
    else:
        time.sleep(float(behave))
        send(event="failed", reason=f"{source}: waited {behave} s. What to do: nothing.")


if __name__ == "__main__":
    main()
