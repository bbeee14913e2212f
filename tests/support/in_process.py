"""Decoding without a process of its own, for tests of what happens before and after."""

from __future__ import annotations

from pathlib import Path

from backend.core.errors import StorageFull
from backend.intake.decoding import NoRoom, decode
from backend.intake.errors import Damaged, IntakeError
from backend.intake.result import Account
from backend.intake.sandbox import Sandbox


class InProcessSandbox(Sandbox):
    """The same code and the same answers, but without the limits of a process."""

    def _decode(self, source: Path, folder: Path) -> Account:
        try:
            return decode(source, folder, self.limits, self._site_secret())
        except IntakeError:
            raise
        except NoRoom as error:
            raise StorageFull from error
        except Exception as error:
            raise Damaged from error
