"""Majorities and ties."""

from __future__ import annotations

import pytest

from backend.label_exports.consensus import agree


@pytest.mark.parametrize(
    ("classes", "chosen", "tied"),
    [
        (["mel"], "mel", False),
        (["mel", "nv", "mel"], "mel", False),
        (["mel", "nv"], None, True),
        (["mel", None], "mel", False),
        ([None, None], None, False),
        (["a", "a", "b", "b", "c"], None, True),
    ],
)
def test_the_class(classes: list[str | None], chosen: str | None, tied: bool) -> None:
    found = agree(classes, [{} for _ in classes])
    assert (found.class_key, found.class_tied) == (chosen, tied)


def test_each_group_by_itself() -> None:
    marks = [
        {"border": "border.sharp", "color": "color.pink", "vessels": None},
        {"border": "border.sharp", "color": "color.blue", "vessels": "vessels.seen"},
        {"border": "border.fading", "vessels": None},
    ]
    found = agree(["mel"] * 3, marks)
    assert found.options == {"border": "border.sharp", "vessels": None}
    assert found.tied == ("color",)


def test_absent_and_present_can_tie() -> None:
    found = agree(["mel"] * 2, [{"vessels": None}, {"vessels": "vessels.seen"}])
    assert (found.options, found.tied) == ({}, ("vessels",))
