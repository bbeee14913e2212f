"""Values that may be kept, made anew from what they mean, so that nothing rides along in how they were written."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from pydicom import Dataset
from pydicom.multival import MultiValue
from pydicom.valuerep import DSfloat

from backend.intake.deidentification.keys import Keys, is_time
from backend.intake.deidentification.profile import CLASS_UIDS, NUMBERS_OF_PATIENTS, TEXTS, definition, most_values

_CODE = re.compile(r"[A-Z0-9 _]{0,16}", re.ASCII)
_UID = re.compile(r"[0-9.]{1,64}", re.ASCII)
_LONGEST_TEXT = 64
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


def listed(value: Any) -> list[Any]:
    """The values of an element, one or many; none if it is empty."""
    if value is None or value in ("", b""):
        return []
    return list(value) if isinstance(value, MultiValue | list | tuple) else [value]


class Words:
    """Names and numbers of the patient and of other people, to find them where no rule looks for them."""

    _SHORTEST, _SHORTEST_INSIDE = 3, 5
    _MOST = 500  # Every kept text is compared with all of them.

    def __init__(self, dataset: Dataset) -> None:
        found: set[str] = set()
        for tag in (int(tag) for tag in list(dataset.keys())):
            entry = definition(tag)
            is_name = entry is not None and entry.vr == "PN"
            if is_name or tag in NUMBERS_OF_PATIENTS:
                texts = _readable(dataset, tag)
                found.update(_words(" ".join(texts)) if is_name else texts)
        self._words = set(sorted(word for word in found if len(word) >= self._SHORTEST)[: self._MOST])
        self._inside = [word for word in self._words if len(word) >= self._SHORTEST_INSIDE]

    def found_in(self, text: str) -> bool:
        """Whole words, and longer ones also inside of others."""
        text = text.casefold()
        return not self._words.isdisjoint((text, *_words(text))) or any(word in text for word in self._inside)


def _readable(dataset: Dataset, tag: int) -> list[str]:
    try:
        return [_stripped(value).casefold() for value in listed(dataset[tag].value)]
    except Exception:  # noqa: BLE001  (a malformed value fails in as many ways as there are VRs)
        return []


def _words(text: str) -> list[str]:
    return re.split(r"[\W_]+", text)


class PatientFound(Exception):
    """A text that may be kept names the patient."""


class Unfit(Exception):
    """A value that is not what its element holds."""


def kept(tag: int, vr: str, value: Any, keys: Keys, words: Words) -> Any:
    """The value of an element that the table does not name.

    Raises:
        PatientFound: it is a text with the patient's name or number.
        Unfit: it may not be kept, or it is malformed.
    """
    entry = definition(tag)
    if entry is None or entry.retired or vr not in entry.vr.split(" or "):
        raise Unfit
    values, most = listed(value), most_values(entry.multiplicity)
    if most is not None and len(values) > most:
        raise Unfit
    if vr == "UI":
        return _all(values, lambda one: _uid(one, keys, is_class=entry.keyword in CLASS_UIDS))
    if vr == "CS" or (vr in ("LO", "SH") and entry.keyword in TEXTS):
        return _all(values, lambda one: _text(one, words, is_code=vr == "CS"))
    number = _NUMBERS.get(vr)
    if number is None:
        raise Unfit
    return _all(values, number)


def moved(vr: str, value: Any, keys: Keys) -> Any:
    """Dates and date-times moved back, times as they are. ``Unfit`` if one of them is malformed."""
    change: dict[str, Callable[[str], str | None]] = {
        "DA": keys.date,
        "DT": keys.date_time,
        "TM": lambda text: text if is_time(text) else None,
    }

    def one(part: Any) -> str:
        result = change[vr](_stripped(part))
        if result is None:
            raise Unfit
        return result

    return _all(listed(value), one)


def remapped(value: Any, keys: Keys) -> Any:
    """Every UID replaced, also what is none."""
    return _all(listed(value), lambda one: keys.uid(_stripped(one)))


def _all(values: Sequence[Any], change: Callable[[Any], Any]) -> Any:
    changed = [change(value) for value in values if value not in ("", b"", None)]
    return changed[0] if len(changed) == 1 else changed or None


def _stripped(value: Any) -> str:
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
    return text.strip(" \0")


def _text(value: Any, words: Words, *, is_code: bool) -> str:
    text = _stripped(value)
    if not isinstance(value, str) or len(text) > _LONGEST_TEXT or not text.isprintable():
        raise Unfit
    if is_code and not _CODE.fullmatch(text):
        raise Unfit
    if words.found_in(text):
        raise PatientFound
    return text


def _uid(value: Any, keys: Keys, *, is_class: bool) -> str:
    text = _stripped(value)
    if not is_class:
        return keys.uid(text)
    if not _UID.fullmatch(text):
        raise Unfit
    return text


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
