"""A parent that was trained for an epoch, and edits of its concept set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from models.checkpoint import Checkpoint
from models.concepts import ConceptSet
from models.train import train
from tests.models.train.conftest import Tiny

Edit = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="session")
def parent(tiny: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return train(tiny.config(epochs=1), tmp_path_factory.mktemp("parent") / "tiny")


def edited(concept_set: ConceptSet, edit: Edit) -> ConceptSet:
    """A copy after an edit of its JSON; what the class table says of options that are gone is dropped."""
    content = concept_set.model_dump(mode="json")
    edit(content)
    options = {group["key"]: {option["key"] for option in group["options"]} for group in content["groups"]}
    content["class_options"] = {
        label: {group: option for group, option in row.items() if option in options.get(group, ())}
        for label, row in content["class_options"].items()
    }
    return ConceptSet.model_validate(content)


def new_option(key: str, text: str = "something nobody has named yet") -> dict[str, Any]:
    return {"key": key, "text": text, "source": "a test"}
