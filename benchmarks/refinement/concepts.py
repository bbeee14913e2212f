"""The concept set of the loop in its three revisions, as JSON that is sent to the server."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from benchmarks.refinement.drawing import SIDES, UNSEEN

Content = dict[str, Any]
# The order of the groups: the unseen one stands where the visible one stood.
_UNSEEN_GROUP: Content = {
    "key": UNSEEN,
    "name": "Roughness",
    "localizable": False,
    "options": [
        {"key": SIDES[0], "text": "a rough surface", "synonyms": [], "source": "Thrown by a coin for this experiment."},
        {
            "key": SIDES[1],
            "text": "a smooth surface",
            "synonyms": [],
            "source": "Thrown by a coin for this experiment.",
        },
    ],
}


def everything(shipped: Content, name: str) -> Content:
    """All groups of a set and the unseen one: what the table of the images says, so what it is imported with.

    Args:
        shipped: content of the set that the images are drawn by.
        name: of the copy.
    """
    content = deepcopy(shipped)
    content |= {"name": name, "title": f"{shipped['title']}, with a concept nobody can see"}
    content["groups"].append(deepcopy(_UNSEEN_GROUP))
    return content


def without(content: Content, group: str) -> Content:
    """A set without a group.

    Raises:
        ValueError: if it has no such group.
    """
    if group not in group_keys(content):
        raise ValueError(f"no group '{group}'; there are {', '.join(group_keys(content))}")
    found = deepcopy(content)
    found["groups"] = [one for one in found["groups"] if one["key"] != group]
    for row in found["class_options"].values():
        row.pop(group, None)
    return found


def group_keys(content: Content) -> list[str]:
    """In the order of the set."""
    return [group["key"] for group in content["groups"]]


def option_ids(content: Content, group: str) -> list[str]:
    """``group.option`` of a group."""
    return [f"{group}.{option['key']}" for one in content["groups"] if one["key"] == group for option in one["options"]]
