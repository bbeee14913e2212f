"""Between the contract's edits and those of ``models.intervene``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.interventions.errors import BadEdit
from backend.interventions.schemas import EditCreate, EditOperation, EditRead
from models.intervene.regions import RegionEdit
from models.intervene.scores import Edit, Operation

_FIELDS = ("option_id", "value", "reference_class", "group_key", "keep", "patches")
# What each operation needs, and takes.
_NEEDS = {
    EditOperation.SET: ("option_id", "value"),
    EditOperation.OPTION: ("option_id",),
    EditOperation.CLASS_MEAN: ("option_id", "reference_class"),
    EditOperation.MEAN: ("option_id",),
    EditOperation.REGION: ("group_key", "keep", "patches"),
}


def to_model(edits: Sequence[EditCreate]) -> list[Edit | RegionEdit]:
    """Raises ``BadEdit`` for an edit that lacks a field, or has one that means nothing for its operation."""
    return [_to_model(edit, place) for place, edit in enumerate(edits, 1)]


def to_read(edit: Edit | RegionEdit) -> EditRead:
    """With every field; patches in order, each once."""
    told: dict[str, Any] = dict.fromkeys(_FIELDS)
    if isinstance(edit, RegionEdit):
        patches = sorted(set(edit.patches))
        told |= {"group_key": edit.group_key, "keep": edit.keep, "patches": patches}
        return EditRead(operation=EditOperation.REGION, **told)
    told |= {"option_id": edit.option_id, "value": edit.value, "reference_class": edit.reference_class}
    return EditRead(operation=EditOperation(edit.operation.value), **told)


def _to_model(edit: EditCreate, place: int) -> Edit | RegionEdit:
    needed = _NEEDS[edit.operation]
    for name in _FIELDS:
        given = getattr(edit, name) is not None
        if given != (name in needed):
            said = "does not take" if given else "needs"
            raise BadEdit(f"edit {place}: {edit.operation.value!r} {said} {name}")
    if edit.group_key is not None and edit.keep is not None and edit.patches is not None:
        return RegionEdit(edit.group_key, edit.keep, tuple(edit.patches))
    return Edit(edit.option_id or "", Operation(edit.operation.value), edit.value, edit.reference_class)
