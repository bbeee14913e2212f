"""What is seen of a training: a progress bar, a JSON-lines file and TensorBoard. All of it lies beside the state."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from models.train.state import FOLDER

METRICS_FILE = "metrics.jsonl"


class Monitor:
    """Writes and shows figures; only the process that leads has one.

    Args:
        out: checkpoint folder.
        earlier: reports of epochs before an interruption; the files start over with them.
        console: shows a bar when standard error is a terminal.
    """

    def __init__(self, out: Path, earlier: list[dict[str, Any]], *, console: bool = False) -> None:
        folder = out / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        self._lines = folder / METRICS_FILE
        self._lines.write_text("".join(map(_line, earlier)), "utf-8")
        board = folder / "tensorboard"
        if not earlier:
            for old in board.glob("events.out.tfevents.*"):
                old.unlink()
        self._writer = SummaryWriter(str(board), purge_step=len(earlier) + 1)
        self._console = console and sys.stderr.isatty()
        self._bar: tqdm[Any] | None = None

    def begin_epoch(self, epoch: int, epochs: int, steps: int, done: int) -> None:
        """An epoch begins, or goes on after ``done`` steps."""
        if self._console:
            self._bar = tqdm(total=steps, initial=done, desc=f"epoch {epoch}/{epochs}", unit="step", leave=False)

    def step(self, loss: float) -> None:
        """One more step is done."""
        if self._bar is not None:
            self._bar.set_postfix_str(f"loss {loss:.3f}", refresh=False)
            self._bar.update()

    def end_epoch(self, report: dict[str, Any]) -> None:
        """Keeps an epoch's report."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
        with self._lines.open("a", encoding="utf-8") as file:
            file.write(_line(report))
        for name, value in flatten(report):
            self._writer.add_scalar(name, value, report["epoch"])
        self._writer.flush()

    def close(self) -> None:
        """Ends bar and files."""
        if self._bar is not None:
            self._bar.close()
        self._writer.close()


@contextmanager
def counting(label: str, *, console: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar for images that are drawn or decoded, where standard error is a terminal.

    Args:
        label: of the bar.
        console: whether one is wanted at all.

    Yields:
        What is to be called with (done, all); None without a bar.
    """
    if not (console and sys.stderr.isatty()):
        yield None
        return
    with tqdm(desc=label, unit="image", leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


def flatten(report: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    """Names and values of all numbers in a report, as ``validation/class_bmac``."""
    for key, value in report.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{key}/")
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and key not in ("epoch", "epochs"):
            yield f"{prefix}{key}", float(value)


def _line(report: dict[str, Any]) -> str:
    return json.dumps(finite(report), ensure_ascii=False, allow_nan=False) + "\n"


def finite(value: Any) -> Any:
    """JSON knows no NaN: an undefined figure becomes null."""
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    if isinstance(value, float) and value - value != 0.0:
        return None
    return value
