"""Values that may be kept, made anew from what they mean, so that nothing rides along in how they were written."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from pydicom.config import IGNORE
from pydicom.uid import UID
from pydicom.valuerep import DSfloat

from backend.intake.deidentification.keys import Keys, is_time
from backend.intake.deidentification.profile import CLASS_UIDS, TEXTS, definition, most_values
from backend.intake.deidentification.texts import listed, stripped
from backend.intake.deidentification.words import Words

_CODE = re.compile(r"[A-Z0-9 _]{0,16}", re.ASCII)
_UID = re.compile(r"[0-9.]{1,64}", re.ASCII)
LONGEST_TEXT = 64
_LONGEST_NUMBER = 2**31

# What stands for a value that must not be empty (rule D). Names are emptied, also here.
_DUMMIES: dict[str, Any] = {
    **dict.fromkeys(("LO", "SH", "ST", "LT", "UT", "UC", "CS", "AE"), "REMOVED"),
    **dict.fromkeys(("OB", "OW", "UN"), b"\0\0"),
    "UR": "https://removed.invalid",
    "DA": "19000101",
    "DT": "19000101000000",
    "TM": "000000",
    "AS": "000Y",
    "PN": "",
}


def dummy(vr: str) -> Any:
    """A value of this VR that says nothing; None where only an empty one does."""
    return _DUMMIES.get(vr)


class PatientFound(Exception):
    """A text or a number that may be kept names the patient."""


class Unfit(Exception):
    """A value that is not what its element holds."""


def kept(tag: int, vr: str, value: Any, keys: Keys, words: Words) -> Any:
    """The value of an element that the table does not name.

    Raises:
        PatientFound: it is a text with the patient's name, or a number of the patient's.
        Unfit: it may not be kept, or it is malformed.
    """
    entry = definition(tag)
    if entry is None or entry.retired or vr not in entry.vr.split(" or "):
        raise Unfit
    values, most = listed(value), most_values(entry.multiplicity)
    if most is not None and len(values) > most:
        raise Unfit
    if vr == "UI":
        return _all(values, lambda one: _uid(one, keys, words, is_class=entry.keyword in CLASS_UIDS))
    if vr == "CS" or (vr in ("LO", "SH") and entry.keyword in TEXTS):
        return _all(values, lambda one: _text(one, words, is_code=vr == "CS"))
    number = _NUMBERS.get(vr)
    if number is None:
        raise Unfit
    return _all(values, lambda one: _nobodys(number(one), words))


def moved(vr: str, value: Any, keys: Keys) -> Any:
    """Dates and date-times moved back, times as they are. ``Unfit`` if one of them is malformed."""
    change: dict[str, Callable[[str], str | None]] = {
        "DA": keys.date,
        "DT": keys.date_time,
        "TM": lambda text: text if is_time(text) else None,
    }

    def one(part: Any) -> str:
        result = change[vr](stripped(part))
        if result is None:
            raise Unfit
        return result

    return _all(listed(value), one)


def remapped(value: Any, keys: Keys) -> Any:
    """Every UID replaced, also what is none."""
    return _all(listed(value), lambda one: keys.uid(stripped(one)))


def _all(values: Sequence[Any], change: Callable[[Any], Any]) -> Any:
    changed = [change(value) for value in values if value not in ("", b"", None)]
    return changed[0] if len(changed) == 1 else changed or None


def _text(value: Any, words: Words, *, is_code: bool) -> str:
    text = stripped(value)
    if not isinstance(value, str) or len(text) > LONGEST_TEXT or not text.isprintable():
        raise Unfit
    if is_code and not _CODE.fullmatch(text):
        raise Unfit
    if words.found_in(text, is_code=is_code):
        raise PatientFound
    return text


def _uid(value: Any, keys: Keys, words: Words, *, is_class: bool) -> str:
    text = stripped(value)
    if not is_class:
        return keys.uid(text)
    if not _UID.fullmatch(text):
        raise Unfit
    # Of a manufacturer's own kinds, or of a site that puts numbers of patients where they do not belong.
    is_known = bool(UID(text, IGNORE).type)
    return text if is_known or not any(words.is_number(part) for part in text.split(".")) else keys.uid(text)


def _nobodys(number: Any, words: Words) -> Any:
    if words.is_number(f"{number:.0f}"):
        raise PatientFound
    return number


def _finite(value: Any) -> float:
    if isinstance(value, bytes):
        raise Unfit
    number = float(value)
    if not math.isfinite(number):
        raise Unfit
    return number


def _integer(value: Any) -> int:
    number = _finite(value)
    if not number.is_integer() or abs(number) > _LONGEST_NUMBER:
        raise Unfit
    return int(number)


def _decimal(value: Any) -> DSfloat:
    return DSfloat(_finite(value), auto_format=True)


def _number(value: Any) -> int | float:
    # Bytes are what is left of a number whose VR depends on other elements.
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise Unfit
    return value


_NUMBERS: dict[str, Callable[[Any], Any]] = {
    "DS": _decimal,
    "IS": _integer,
    "AT": int,
    **dict.fromkeys(("US", "SS", "UL", "SL", "UV", "SV", "FL", "FD"), _number),
}
