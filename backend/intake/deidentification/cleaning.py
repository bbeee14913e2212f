"""Walks a header with its sequences and makes a new one by the table. Counts what it changed, and notes no value."""

from __future__ import annotations

from collections import Counter
from copy import copy
from typing import Any, cast

from pydicom import DataElement, Dataset
from pydicom import config as pydicom_config
from pydicom.datadict import mask_match
from pydicom.filewriter import correct_ambiguous_vr_element

from backend.intake.deidentification import values
from backend.intake.deidentification.keys import Keys
from backend.intake.deidentification.profile import (
    APART,
    CHARACTER_SET,
    FIRST_GROUP,
    GROUPS_ABOUT_PEOPLE,
    NOT_SHIFTED,
    PATIENT_ID,
    TABLE,
    TIMES,
    Rule,
    definition,
    is_graphics,
)
from backend.intake.deidentification.texts import listed
from backend.intake.deidentification.words import Words
from backend.intake.result import ChangedElement, ElementAction

_DEEPEST = 24
# VR, value, and what to call the change; None: there was none.
_Changed = tuple[str, Any, ElementAction | None]


class Cleaner:
    """For one file: ``clean`` its dataset, then ask for ``changed`` and ``private_removed``.

    Attributes:
        private_removed: elements in groups with odd numbers, also inside sequences.
    """

    def __init__(self, dataset: Dataset, keys: Keys, words: Words) -> None:
        self._top, self._keys, self._words = dataset, keys, words
        self._counts: Counter[tuple[str, str, ElementAction]] = Counter()
        self.private_removed = 0

    def changed(self) -> list[ChangedElement]:
        """Sorted by tag."""
        return [
            ChangedElement(tag=tag, name=name, action=action, occurrences=count)
            for (tag, name, action), count in sorted(self._counts.items())
        ]

    def clean(self, dataset: Dataset, depth: int = 0) -> Dataset:
        """A new dataset with what may be kept. The given one stays as it is."""
        cleaned = Dataset()
        for tag in sorted(int(tag) for tag in list(dataset.keys())):
            if tag >> 16 & 1:
                self.private_removed += 1
            elif tag == CHARACTER_SET or (depth == 0 and tag in APART):
                continue
            elif _goes(tag):
                self._note(tag, ElementAction.REMOVED)
            else:
                self._element(dataset, tag, cleaned, depth)
        return cleaned

    def _element(self, dataset: Dataset, tag: int, cleaned: Dataset, depth: int) -> None:
        rule, entry = TABLE.get(tag), definition(tag)
        vr = entry.vr if entry else "UN"
        try:
            vr, value, action = self._changed(self._read(dataset, tag), tag, vr, depth)
        except values.PatientFound:
            value, action = None, ElementAction.CLEANED
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  (a malformed value fails in as many ways as there are VRs)
            # What the profile says without options, and nothing of the value.
            if rule not in (Rule.EMPTY, Rule.REPLACE):
                self._note(tag, ElementAction.REMOVED)
                return
            value, action = self._instead(tag, vr, rule)
        cleaned.add(DataElement(tag, vr, value, validation_mode=pydicom_config.IGNORE))
        if action is not None:
            self._note(tag, action)

    def _changed(self, element: DataElement, tag: int, vr: str, depth: int) -> _Changed:
        rule, is_empty = TABLE.get(tag), not element.value
        if _shifts(tag, vr):
            shifted = values.moved(vr, element.value, self._keys)
            return vr, shifted, ElementAction.SHIFTED if shifted and vr != "TM" else None
        if rule in (Rule.EMPTY, Rule.REPLACE) or vr == "PN":
            return (vr, None, None) if is_empty else (vr, *self._instead(tag, vr, rule))
        if vr == "SQ":
            if element.VR != "SQ" or depth >= _DEEPEST:
                raise values.Unfit
            return vr, [self.clean(item, depth + 1) for item in element.value], None
        if rule is Rule.REMAP:
            value = values.remapped(element.value, self._keys)
        else:
            vr = element.VR
            value = values.kept(tag, vr, element.value, self._keys, self._words)
        is_other = vr == "UI" and [str(uid) for uid in listed(element.value)] != listed(value)
        return vr, value, ElementAction.REMAPPED if is_other else None

    def _instead(self, tag: int, vr: str, rule: Rule | None) -> tuple[Any, ElementAction]:
        """What stands in the place of a value, and what to call it."""
        if tag == PATIENT_ID:
            stand_in: Any = self._keys.pseudonym
        elif vr == "UI":
            stand_in = self._keys.uid("")
        else:
            stand_in = values.dummy(vr) if rule is Rule.REPLACE else None
        return stand_in, ElementAction.REPLACED if stand_in else ElementAction.EMPTIED

    def _read(self, dataset: Dataset, tag: int) -> DataElement:
        element = dataset[tag]
        if " or " not in element.VR:
            return element
        # US or SS: Pixel Representation decides, here or at the top.
        little_endian = dataset.original_encoding[1] is not False
        corrected = correct_ambiguous_vr_element(copy(element), dataset, little_endian, [dataset, self._top])
        return cast("DataElement", corrected)

    def _note(self, tag: int, action: ElementAction) -> None:
        group, element = f"{tag >> 16:04X}", f"{tag & 0xFFFF:04X}"
        entry = definition(tag)
        name = entry.name if entry else "Named by the profile, newer than this dictionary"
        # A file may make up as many numbers as it likes: repeating groups share a line, and so does what is unknown.
        if element == "0000":
            group, name = "xxxx", "Group Length"
        elif entry is None and tag not in TABLE:
            group, element, name = "xxxx", "xxxx", "Not in the standard"
        elif mask := mask_match(tag):
            group, element = mask[:4], mask[4:]
        self._counts[f"({group},{element})", name, action] += 1


def _goes(tag: int) -> bool:
    """Removed whatever it holds."""
    if is_graphics(tag) or tag >> 16 < FIRST_GROUP or not tag & 0xFFFF:
        return True
    rule, entry = TABLE.get(tag), definition(tag)
    if rule is None:
        return entry is None or entry.retired or tag >> 16 in GROUPS_ABOUT_PEOPLE
    return rule is Rule.REMOVE and not _shifts(tag, entry.vr if entry else "UN")


def _shifts(tag: int, vr: str) -> bool:
    return vr in TIMES and tag not in NOT_SHIFTED
