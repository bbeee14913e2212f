"""What an edit means, in lists and in words."""

from __future__ import annotations

from typing import Any

import pytest

from models.concepts import load_concept_set
from models.train.retrain import RetrainError, plan
from tests.models.train.retrain.conftest import edited, new_option

PARENT = load_concept_set("isic2018")


def test_nothing_changed() -> None:
    changes = plan(PARENT, PARENT)
    assert changes.kept == PARENT.option_ids
    assert changes.lines() == ("kept with the parent's weights: 34 options",)
    assert not changes.embedded


def test_every_kind_of_edit_is_told() -> None:
    def edit(content: dict[str, Any]) -> None:
        colour, shape = content["groups"][0], content["groups"][1]
        colour["options"][0]["text"] = "many colours"
        colour["options"].append(new_option("green"))
        removed = shape["options"].pop()
        content["groups"][2], content["groups"][1] = shape, content["groups"][2]
        content["groups"].append({"key": "light", "name": "Light", "options": [new_option("a"), new_option("b", "B")]})
        del content["groups"][-2]
        assert removed["key"] not in {option["key"] for option in shape["options"]}

    changes = plan(PARENT, edited(PARENT, edit))
    gone = PARENT.groups[-1]
    assert [each.option for each in changes.reworded] == ["color.polychromatic"]
    assert "many colours" in changes.reworded[0].after
    assert changes.added == ("color.green", "light.a", "light.b")
    assert changes.groups_added == ("light",)
    assert changes.groups_removed == (gone.key,)
    assert set(changes.removed) == {
        f"shape.{PARENT.groups[1].option_keys[-1]}",
        *(f"{gone.key}.{key}" for key in gone.option_keys),
    }
    assert changes.groups_reordered == ("border", "shape")
    assert changes.reordered == ()
    assert set(changes.embedded) == {"color.green", "light.a", "light.b", "color.polychromatic"}
    told = "\n".join(changes.lines())
    for words in (
        "reworded: color.polychromatic",
        "added, from their text",
        "groups removed: elevation",
        "groups in another order",
    ):
        assert words in told


def test_what_moves_within_a_group_and_in_the_table() -> None:
    def edit(content: dict[str, Any]) -> None:
        options = content["groups"][3]["options"]
        options[0], options[1] = options[1], options[0]
        content["class_options"]["nv"]["color"] = "polychromatic"

    changes = plan(PARENT, edited(PARENT, edit))
    keys = PARENT.groups[3].option_keys
    assert changes.reordered == (f"pattern.{keys[1]}", f"pattern.{keys[0]}")
    assert changes.relabelled == ("nv",)
    assert changes.kept == edited(PARENT, edit).option_ids
    assert "class table changed for: nv" in changes.lines()


def test_a_renamed_group_rewords_its_options() -> None:
    def edit(content: dict[str, Any]) -> None:
        content["groups"][0]["name"] = "Tint"

    changes = plan(PARENT, edited(PARENT, edit))
    assert len(changes.reworded) == len(PARENT.groups[0].options)


def test_other_classes_are_refused() -> None:
    def edit(content: dict[str, Any]) -> None:
        content["classes"][0]["key"] = "lentigo"
        del content["class_options"]["mel"]

    with pytest.raises(RetrainError, match=r"lacks mel and the parent does not know lentigo; a retraining"):
        plan(PARENT, edited(PARENT, edit))
