"""JSON that comes back as it was, and that tells when somebody changed it."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.reader_studies.protocols import hash_of
from backend.study_results.analysis import analyse
from backend.study_results.document import DocumentInvalid, as_json, parse, to_data
from backend.study_results.verification import verify
from tests.support.published_study import published_study
from tests.support.study_data import LOCALIZATION

MOMENT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DATA = published_study()
EXPORTED = json.loads(as_json(DATA, MOMENT))


def test_nothing_is_lost_on_the_way() -> None:
    content = as_json(DATA, MOMENT)
    found = to_data(parse(content))
    assert found == DATA
    assert as_json(found, MOMENT) == content


def test_the_document_says_what_it_is_and_what_made_it() -> None:
    assert EXPORTED["format"] == "vitrine-reader-study-export/1"
    assert "Research use only" in EXPORTED["notice"]
    assert EXPORTED["exported_at"] == "2026-03-01T12:00:00Z"
    assert {"vitrine", "python", "krippendorff", "pingouin", "scipy"} <= EXPORTED["software"].keys()
    assert [each["document"]["version"] for each in EXPORTED["protocols"]] == [1, 2]


def test_the_same_figures_come_from_a_file() -> None:
    data = published_study(tasks=[LOCALIZATION], cases=4)
    again = to_data(parse(as_json(data, MOMENT)))
    fields = {"computed_at"}
    assert analyse(again, 50).model_dump(exclude=fields) == analyse(data, 50).model_dump(exclude=fields)


def test_an_honest_document_fits() -> None:
    assert verify(DATA) == []


def _answer(change: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["answers"][3].update(change)


def _swap_order(document: dict[str, Any]) -> None:
    order = document["readers"][0]["order"]
    order[2]["item"], order[3]["item"] = order[3]["item"], order[2]["item"]


def _swap_order_with_digest(document: dict[str, Any]) -> None:
    """As somebody would who knows how digests are made."""
    order = document["readers"][0]["order"]
    document["readers"][0] |= {"order": document["readers"][1]["order"]}
    document["readers"][0]["order_digest"] = document["readers"][1]["order_digest"]
    assert order != document["readers"][0]["order"]


def _twice(document: dict[str, Any]) -> None:
    document["answers"].append(document["answers"][0])


def _new_map(document: dict[str, Any]) -> None:
    shown = document["items"][1]["content"]["map"]
    shown["values"] = "AAAA" + shown["values"][4:]


def _no_map(document: dict[str, Any]) -> None:
    document["items"][1]["content"]["map"] = None


def _truth(document: dict[str, Any]) -> None:
    document["items"][1]["truth"]["class_key"] = "other"


def _question(document: dict[str, Any]) -> None:
    document["protocols"][1]["document"]["design"]["question"] = "Another one?"


def _hidden_question(document: dict[str, Any]) -> None:
    """The hash made to fit; but the next version remembers the old one."""
    first = document["protocols"][0]
    first["document"]["design"]["question"] = "Another one?"
    first["hash"] = hash_of(first["document"])


def _other_study(document: dict[str, Any]) -> None:
    document["study"]["id"] = "6" * 32


def _item_gone(document: dict[str, Any]) -> None:
    gone = document["items"].pop()["number"]
    document["answers"] = [answer for answer in document["answers"] if answer["item"] != gone]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_question, "Version 2 does not have the hash"),
        (_hidden_question, "Version 2 does not follow the version before it"),
        (_other_study, "version 1 is of another study"),
        (_swap_order, "The order of R1 does not match its digest"),
        (_swap_order_with_digest, "The order of R1 is not the one that the protocol's seed gives"),
        (_twice, "There are two answers of R1, session 1, position 1"),
        (_new_map, "The map of item 2 is not the one that was published"),
        (_no_map, "Item 2 has a map without a hash, or a hash without a map"),
        (_truth, "Item 2 is not as the protocol has it: truth"),
        (_item_gone, "stands only in the protocol"),
        (_answer({"item": 1}), "is to an item that does not stand there in the reader's order"),
        (_answer({"protocol_version": 9}), "a protocol version that there is not"),
    ],
)
def test_what_was_changed_is_told(change: Callable[[dict[str, Any]], None], said: str) -> None:
    document = copy.deepcopy(EXPORTED)
    change(document)
    problems = verify(to_data(parse(json.dumps(document).encode())))
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "it is not JSON"),
        (b"[]", "no export of a reader study"),
        (b'{"format": "vitrine-reader-study/1"}', "no export of a reader study"),
        (json.dumps(EXPORTED | {"format": "other/1"}).encode(), "format"),
        (json.dumps(EXPORTED | {"protocols": []}).encode(), "protocols"),
        (json.dumps(EXPORTED | {"protocols": [{"hash": "0", "document": {}}]}).encode(), "protocols.0.document"),
        (
            json.dumps(EXPORTED | {"answers": [EXPORTED["answers"][0] | {"active_seconds": math.nan}]}).encode(),
            "active",
        ),
    ],
)
def test_other_files_are_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(DocumentInvalid, match=said):
        parse(content)


def test_an_answer_to_nothing_is_refused() -> None:
    document = copy.deepcopy(EXPORTED)
    document["answers"][0]["item"] = 9999
    with pytest.raises(DocumentInvalid, match="item 9999"):
        to_data(parse(json.dumps(document).encode()))
