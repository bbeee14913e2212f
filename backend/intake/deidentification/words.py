"""Names, numbers, places and dates of the patient and of other people, to find them where no rule looks for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from pydicom import Dataset

from backend.intake.deidentification.profile import NUMBERS_OF_PATIENTS, PLACES_AND_DEVICES, definition
from backend.intake.deidentification.texts import items, read, stripped

_SHORTEST, _SHORTEST_INSIDE = 3, 5
_MOST = 500  # Every kept text is compared with all of them.
_MOST_REMEMBERED = 2000
_DEEPEST = 24
_SPOKEN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe"})
# Scripts that put no spaces between words, and in which two letters are a name.
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_DATE = re.compile(r"(\d{4})[.-]?(\d{2})[.-]?(\d{2})", re.ASCII)
_LONG_NUMBER = re.compile(r"[1-9]\d{4,}", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Words:
    """What may not stand in a text or a number that is kept.

    All of the file counts, also what lies in sequences; should it be more than can be compared, the patient's own
    comes first. Letters are compared without their case and their accents.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._alone: set[str] = set()  # as whole words
        self._short: set[str] = set()  # the same, but not in coded values: US is a kind of image
        self._inside: set[str] = set()  # also inside of other words
        self._joined: set[str] = set()  # once all but letters and digits is left out
        self._places: set[str] = set()  # the same, but not in coded values
        self._numbers: set[str] = set()
        self._known: dict[tuple[str, bool], bool] = {}
        self._gather(dataset, 0)

    def found_in(self, text: str, *, is_code: bool = False) -> bool:
        """Whether a text names somebody.

        Args:
            text: as it stands in the file.
            is_code: of a coded value (CS), which is also a word: then names of two letters and places do not count.
        """
        found = self._known.get((text, is_code))
        if found is None:
            found = any(self._is_in(folded, is_code=is_code) for folded in _foldings(text))
            if len(self._known) < _MOST_REMEMBERED:
                self._known[text, is_code] = found
        return found

    def is_number(self, number: str) -> bool:
        """Whether these digits are a number of the patient's, or a date; for parts of UIDs and for numbers."""
        return number.lstrip("0") in self._numbers

    def _is_in(self, text: str, *, is_code: bool) -> bool:
        parts = _split(text)
        joined = "".join(parts)
        if not self._alone.isdisjoint((*parts, joined)) or any(word in text for word in self._inside):
            return True
        if any(word in joined for word in self._joined):
            return True
        return not is_code and (not self._short.isdisjoint(parts) or any(word in joined for word in self._places))

    def _gather(self, dataset: Dataset, depth: int) -> None:
        """The elements of this level first, so that the patient's own is there before there is too much."""
        sequences = []
        for tag in sorted((int(tag) for tag in list(dataset.keys())), key=lambda tag: (tag >> 16 != 0x0010, tag)):
            entry = definition(tag)
            if entry is not None and entry.vr == "SQ":
                sequences.append(tag)
            elif entry is not None and not self._is_full():
                self._add(dataset, tag, entry.vr)
        if depth < _DEEPEST:
            for item in (item for tag in sequences for item in items(dataset, tag)):
                self._gather(item, depth + 1)

    def _add(self, dataset: Dataset, tag: int, vr: str) -> None:
        if vr == "PN":
            for text in _texts(dataset, tag):
                self._add_name(text)
        elif tag in NUMBERS_OF_PATIENTS:
            self._add_numbers(_texts(dataset, tag))
        elif tag in PLACES_AND_DEVICES:
            self._places.update(_long(_joined(_texts(dataset, tag))))
        elif vr in ("DA", "DT"):
            self._add_dates(_texts(dataset, tag))

    def _is_full(self) -> bool:
        return len(self._alone) + len(self._inside) + len(self._joined) + len(self._places) > _MOST

    def _add_name(self, name: str) -> None:
        for group in name.split("="):
            components = [_foldings(component) for component in group.split("^")]
            for place, foldings in enumerate(components):
                for word in (word for folded in foldings for word in _split(folded)):
                    self._add_word(word, is_affix=place > 2)
            for family in components[0]:
                for given in components[1] if len(components) > 1 else ():
                    self._add_together("".join(_split(family)), "".join(_split(given)))

    def _add_word(self, word: str, *, is_affix: bool) -> None:
        if _DENSE.search(word):
            (self._inside if len(word) > 1 else self._alone).add(word)
        elif len(word) >= _SHORTEST:
            self._alone.add(word)
            if len(word) >= _SHORTEST_INSIDE:
                self._inside.add(word)
        elif len(word) > 1 and not is_affix:  # Dr and MD name nobody
            self._short.add(word)

    def _add_together(self, family: str, given: str) -> None:
        if family and given:
            self._joined.update(_long((family + given, given + family)))
            self._alone.update(word for word in (given[0] + family, family + given[0]) if len(word) > _SHORTEST)

    def _add_numbers(self, texts: Iterable[str]) -> None:
        for number in _joined(texts):
            if len(number) >= _SHORTEST:
                self._alone.add(number)
            self._joined.update(_long((number,)))
            self._numbers.update(digits.lstrip("0") for digits in _LONG_NUMBER.findall(number))

    def _add_dates(self, texts: Iterable[str]) -> None:
        for text in texts:
            match = _DATE.match(text)
            if match is None or not 1 <= int(match[2]) <= 12:
                continue
            year, month, day = match.groups()
            named = _MONTHS[int(month) - 1]
            self._joined |= {year + month + day, day + month + year, month + day + year}
            self._joined |= {day + named + year, named + day + year}
            self._numbers.add(year + month + day)


def _foldings(text: str) -> set[str]:
    """Without case and accents; letters such as ü both as u and as ue."""
    text = text.casefold()
    return {_plain(text), _plain(unicodedata.normalize("NFC", text).translate(_SPOKEN))}


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if unicodedata.category(letter) != "Mn"))


def _split(text: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", text) if word]


def _joined(texts: Iterable[str]) -> Iterator[str]:
    return ("".join(_split(folded)) for text in texts for folded in _foldings(text))


def _long(words: Iterable[str]) -> Iterator[str]:
    return (word for word in words if len(word) >= _SHORTEST_INSIDE)


def _texts(dataset: Dataset, tag: int) -> list[str]:
    return [stripped(value) for value in read(dataset, tag)]
