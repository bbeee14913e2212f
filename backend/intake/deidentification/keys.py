"""Pseudonyms, UIDs and shifts that one secret always makes alike, so that files of a patient stay together."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from pydicom import Dataset
from pydicom.config import IGNORE
from pydicom.uid import UID

from backend.intake.deidentification.texts import listed, stripped

# No vowels, and nothing that looks like another: 24^10 pseudonyms, so that 100,000 patients collide with p < 0.0001.
LETTERS = "2346789BCDFGHJKMNPQRTVWX"
PSEUDONYM_LENGTH = 10
LONGEST_SHIFT_DAYS = 3650

_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})|(\d{4})\.(\d{2})\.(\d{2})", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?", re.ASCII)
_DATE_TIME = re.compile(r"(\d{4})(\d{2})?(\d{2})?([0-9.]*)([+-]\d{4})?", re.ASCII)


def is_time(text: str) -> bool:
    """Whether it is a TM: HHMMSS.FFFFFF, from the right as short as one likes."""
    return _TIME.fullmatch(text) is not None


class Keys(NamedTuple):
    """What one patient's files share.

    Attributes:
        secret: of the site.
        pseudonym: None where the file names no patient.
        days: how far dates move back.
    """

    secret: bytes
    pseudonym: str | None
    days: int

    def uid(self, uid: str) -> str:
        """The UID that always takes this one's place: 2.25.<128 bits> (PS3.5 B.2). The standard's own stay."""
        if UID(uid, IGNORE).type:
            return uid
        return f"2.25.{int.from_bytes(_digest(self.secret, 'uid', [uid])[:16])}"

    def date(self, text: str) -> str | None:
        """A DA moved back. None where it is not a date."""
        match = _DATE.fullmatch(text)
        if match is None:
            return None
        year, month, day = (int(part) for part in match.groups() if part is not None)
        return self._moved(year, month, day)

    def date_time(self, text: str) -> str | None:
        """A DT moved back, as precise as it was. None where it is no date-time.

        The offset from UTC goes: it tells where, and the profile removes (0008,0201) as well.
        """
        match = _DATE_TIME.fullmatch(text)
        if match is None or (match[4] and not (match[3] and is_time(match[4]))):
            return None
        moved = self._moved(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        return moved and moved[: 4 + 2 * bool(match[2]) + 2 * bool(match[3])] + match[4]

    def _moved(self, year: int, month: int, day: int) -> str | None:
        try:
            moved = date(year, month, day) - timedelta(days=self.days)
        except (ValueError, OverflowError):
            return None
        return f"{moved.year:04d}{moved.month:02d}{moved.day:02d}"


def keys_of(dataset: Dataset, secret: bytes) -> Keys:
    """Of the patient by (IssuerOfPatientID, PatientID), else by name and birth date, else of the study alone.

    Capitals, widths of letters and spaces make no other patient: devices change them.
    """
    patient_id, name = _alike(text_of(dataset, "PatientID")), _name(text_of(dataset, "PatientName"))
    if patient_id:
        patient = ["id", _alike(text_of(dataset, "IssuerOfPatientID")), patient_id]
    elif name:
        patient = ["name", name, re.sub(r"[\W_]", "", text_of(dataset, "PatientBirthDate"))]
    else:
        study = text_of(dataset, "StudyInstanceUID") or text_of(dataset, "SOPInstanceUID")
        return Keys(secret, None, _days(secret, ["study", study]))
    number = int.from_bytes(_digest(secret, "pseudonym", patient))
    letters = ""
    for _ in range(PSEUDONYM_LENGTH):
        number, rest = divmod(number, len(LETTERS))
        letters += LETTERS[rest]
    return Keys(secret, f"P-{letters}", _days(secret, patient))


def text_of(dataset: Dataset, keyword: str) -> str:
    """An element as text without its padding; empty where it is missing or cannot be read."""
    try:
        value = dataset.get(keyword)
        return "" if value is None else "\\".join(filter(None, map(stripped, listed(value))))
    except Exception:  # noqa: BLE001  (a malformed value fails in as many ways as there are VRs)
        return ""


def _alike(text: str) -> str:
    """As all writings of the same number or name are."""
    return re.sub(r"[\s\0]+", " ", unicodedata.normalize("NFKC", text)).strip().upper()


def _name(text: str) -> str:
    """The first group of components that says something: the others are the same name in other letters."""
    groups = ("^".join(_alike(part) for part in group.split("^")).rstrip("^") for group in text.split("="))
    return next(filter(None, groups), "")


def _days(secret: bytes, patient: Iterable[str]) -> int:
    return 1 + int.from_bytes(_digest(secret, "days", patient)) % LONGEST_SHIFT_DAYS


def _digest(secret: bytes, purpose: str, parts: Iterable[str]) -> bytes:
    # Each part with its length, so that ("ab", "c") and ("a", "bc") differ.
    encoded = [part.encode("utf-8", "surrogatepass") for part in (purpose, *parts)]
    return hmac.digest(secret, b"".join(len(part).to_bytes(8) + part for part in encoded), "sha256")
