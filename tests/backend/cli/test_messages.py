"""Lines and bars of a long command share one terminal."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from backend.cli.messages import say
from models.train.monitor import Monitor, counting


class _Terminal(io.StringIO):
    """Remembers what was written, and what of it is still to be seen."""

    def isatty(self) -> bool:
        return True

    def seen(self) -> list[str]:
        lines, column = [""], 0
        for part in re.split(r"(\r|\n|\x1b\[A)", self.getvalue()):
            if part == "\r":
                column = 0
            elif part == "\n":
                lines.append("")
                column = 0
            else:
                lines[-1] = lines[-1][:column].ljust(column) + part + lines[-1][column + len(part) :]
                column += len(part)
        return [line.rstrip() for line in lines if line.strip()]


def test_the_bar_leaves_nothing_behind_and_clobbers_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("sys.stdout", terminal)
    with counting("train images", console=True) as shown:
        assert shown is not None
        shown(3, 10)
    monitor = Monitor(tmp_path, [], console=True)
    for epoch in (1, 2):
        monitor.begin_epoch(epoch, 2, 4, 0)
        for _ in range(3):
            monitor.step(0.5)
        say("a message")
        monitor.step(0.25)
        monitor.end_epoch({"epoch": epoch})
        say(f"epoch {epoch}/2  loss 0.4")
    monitor.close()
    assert "train images" in terminal.getvalue()
    assert "epoch 1/2" in terminal.getvalue()
    assert terminal.seen() == ["a message", "epoch 1/2  loss 0.4", "a message", "epoch 2/2  loss 0.4"]


def test_there_is_no_bar_without_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with counting("train images", console=True) as shown:
        assert shown is None
    monitor = Monitor(tmp_path, [], console=True)
    monitor.begin_epoch(1, 2, 4, 0)
    monitor.step(0.5)
    monitor.close()
    assert capsys.readouterr() == ("", "")
