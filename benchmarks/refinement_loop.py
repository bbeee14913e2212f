"""The refinement loop from end to end: a concept that nobody can see is found, replaced, and the model promoted.

    .venv/bin/python -m benchmarks.refinement_loop --out docs/results/refinement-loop.md
    .venv/bin/python -m benchmarks.refinement_loop --server http://127.0.0.1:8000 --token … --images-in data/import/loop

Without ``--server`` a private one is started, with queue and workers, on a new data folder. With it, the images are
drawn into a folder that the server may import, and concept set, data set and models of the name ``--name`` stay there.

The mode of the retrainings is a choice. Quick (the default) is what a person waits for while editing: under a minute
each on two cores once the tokens are there. Full trains the encoder too, as the parent was trained; take it where a
whole group is new and the figure matters (docs/results/retraining.md says what quick mode costs there).
"""

# ruff: noqa: T201 (its output)

from __future__ import annotations

import argparse
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.refinement.api import SCOPES, Api, ApiError, private_server
from benchmarks.refinement.drawing import Drawn, draw
from benchmarks.refinement.report import markdown
from benchmarks.refinement.steps import Loop, Outcome, Plan, Say
from models.data.records import SplitName

# Images by split, and their side. As many test images as an interval of a few hundredths takes.
SCALES: Mapping[str, tuple[Mapping[SplitName, int], int]] = {
    "small": ({"train": 96, "validation": 64, "test": 64}, 64),
    "full": ({"train": 1000, "validation": 400, "test": 500}, 224),
}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--server", help="address of a running server; a private one is started without it")
    parser.add_argument("--token", help=f"API token for it (or VITRINE_TOKEN); scopes: {', '.join(SCOPES)}")
    parser.add_argument("--images-in", type=Path, help="with --server: a folder that it may import, to draw into")
    parser.add_argument("--scale", choices=SCALES, default="full")
    parser.add_argument("--mode", choices=["quick", "full"], default="quick")
    parser.add_argument("--parent", default="synthetic-dermoscopy")
    parser.add_argument("--visible", default="elevation", help="group that is left out first")
    parser.add_argument("--name", default="refinement", help="of concept set, data set and models")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="file for the report; printed if left out")
    given = parser.parse_args()
    if given.server and not (given.images_in and (given.token or os.environ.get("VITRINE_TOKEN"))):
        parser.error("--server needs --token and --images-in")
    plan = Plan(given.parent, given.visible, given.mode, given.seed, given.name)
    try:
        with _server(given) as (server, token, folder), Api(server, token) as api:
            print("drawing images", flush=True)
            outcome = run(api, plan, draw(folder, *SCALES[given.scale], given.seed), _say())
    except ApiError as error:
        sys.exit(f"refinement_loop: {error}")
    command = f".venv/bin/python -m benchmarks.refinement_loop {shlex.join(_shown(sys.argv[1:]))}".rstrip()
    machine = f"{os.cpu_count()} processors with a load of {os.getloadavg()[2]:.0f} at the end, {_threads()}"
    report = markdown(outcome, command, machine)
    if given.out:
        given.out.write_text(report, encoding="utf-8")
    else:
        print(report)
    if not outcome.found_it:
        sys.exit("refinement_loop: the diagnosis did not find just the concept that cannot be seen; see the report")


def run(api: Api, plan: Plan, drawn: Drawn, say: Say) -> Outcome:
    """The loop. Raises ``ApiError``."""
    return Loop(api, plan, drawn, say).run()


@contextmanager
def _server(given: argparse.Namespace) -> Iterator[tuple[str, str, Path]]:
    """Address, token, and the folder to draw into."""
    if given.server:
        yield given.server, given.token or os.environ["VITRINE_TOKEN"], given.images_in.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="vitrine-loop-") as scratch:
        base = Path(scratch)
        (base / "import").mkdir()
        with private_server(base / "data", base / "import") as (address, token):
            yield address, token, base / "import" / "images"


def _say() -> Say:
    """A line for each thing that is new."""
    last = [""]

    def say(line: str) -> None:
        if line != last[0]:
            print(line, flush=True)
        last[0] = line

    return say


def _shown(arguments: list[str]) -> list[str]:
    """The arguments without the token."""
    shown = list(arguments)
    if "--token" in shown:
        shown[shown.index("--token") + 1] = "…"
    return shown


def _threads() -> str:
    threads = os.environ.get("OMP_NUM_THREADS")
    return f"OMP_NUM_THREADS={threads}" if threads else "threads as torch chooses"


if __name__ == "__main__":
    main()
