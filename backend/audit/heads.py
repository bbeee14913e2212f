"""The hashes of all events once more, in a file outside the database.

Who can change the database can compute the chain anew, or cut its end off; the file shows that. A line is added once
an event is committed, so after a crash the file may lack the last ones: ``settle`` adds them at the next start. Copy
the file to a place that the server cannot write to as often as the trail matters to you.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

_LINE = re.compile(r"([1-9][0-9]{0,17}) ([0-9a-f]{64})")


class HeadsDamaged(ValueError):
    """The file holds something else than heads."""


class Heads:
    """The file.

    Args:
        path: of the file; made with the first event.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, events: Iterable[tuple[int, str]]) -> None:
        """Adds sequence numbers and hashes, in one write, so that two processes do not mix their lines."""
        text = "".join(f"{sequence} {digest}\n" for sequence, digest in events)
        if not text:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, text.encode())
        finally:
            os.close(handle)

    def mend(self) -> None:
        """Takes away a last line that a crash cut short, so that the next one does not go on with it."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.truncate(self.path, whole)

    def read(self) -> dict[int, str]:
        """Hash by sequence number; empty where there is no file. A last line that a crash cut short is left out.

        Raises:
            HeadsDamaged: if a line is no head, or two lines give one event different hashes.
        """
        try:
            lines = self.path.read_text("ascii").split("\n")
        except FileNotFoundError:
            return {}
        except UnicodeDecodeError as error:
            raise HeadsDamaged(f"{self.path} holds something else than hashes") from error
        found: dict[int, str] = {}
        for number, line in enumerate(lines[:-1], 1):
            match = _LINE.fullmatch(line)
            if match is None:
                raise HeadsDamaged(f"line {number} of {self.path} is not a number and a hash")
            sequence, digest = int(match[1]), match[2]
            if found.setdefault(sequence, digest) != digest:
                raise HeadsDamaged(f"line {number} of {self.path} contradicts an earlier one about event {sequence}")
        return found
