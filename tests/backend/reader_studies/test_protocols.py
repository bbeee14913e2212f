"""The protocol as a document: its hash, its chain, and what differs between two versions."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.reader_studies import protocols
from tests.backend.reader_studies.conftest import designed

DESIGN = designed().model_dump(mode="json")
FIRST = protocols.first_document(
    "1" * 32,
    DESIGN,
    [{"id": "2" * 32, "name": "m", "weights_digest": "w", "concept_set_digest": "c"}],
    [{"number": 1, "sha256": "ab"}],
    [{"number": 1, "unit": 1, "truth": {"map_sha256": "cd"}}],
    software="Vitrine 1",
    published_at="2026-01-01T00:00:00+00:00",
)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def chain(*reasons: str) -> tuple[list[dict[str, Any]], list[str]]:
    """A first version, and an amendment for each reason."""
    documents = [FIRST]
    for reason in reasons:
        design = documents[-1]["design"] | {"instructions": reason}
        documents.append(
            protocols.next_document(
                documents[-1], design, reason=reason, amended_at="2026-02-01T00:00:00+00:00", software="Vitrine 2"
            )
        )
    return documents, [protocols.hash_of(document) for document in documents]


def test_the_hash_can_be_computed_by_anybody() -> None:
    """As the documentation says: canonical JSON, SHA-256. With the standard library alone."""
    text = json.dumps(FIRST, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert protocols.hash_of(FIRST) == hashlib.sha256(text.encode("utf-8")).hexdigest()


@given(st.dictionaries(st.text(), values, max_size=4))
def test_the_hash_outlives_storing_and_does_not_depend_on_the_order_of_fields(document: dict[str, Any]) -> None:
    stored = json.loads(json.dumps(dict(reversed(document.items()))))
    assert protocols.hash_of(stored) == protocols.hash_of(document)


@pytest.mark.parametrize("place", ["design", "models", "cases", "items", "study_id", "software", "published_at"])
def test_every_part_counts(place: str) -> None:
    changed = FIRST | {place: "another"}
    assert protocols.hash_of(changed) != protocols.hash_of(FIRST)


def test_a_chain_that_nobody_touched_has_no_faults() -> None:
    documents, hashes = chain("More light", "Less light")
    assert protocols.faults(documents, hashes) == []
    assert [document["version"] for document in documents] == [1, 2, 3]
    assert [document["previous_hash"] for document in documents] == [None, *hashes[:2]]
    assert documents[2]["items"] == FIRST["items"]
    assert protocols.faults([], []) == []


def test_what_was_changed_left_out_or_swapped_is_found() -> None:
    documents, hashes = chain("More light", "Less light")
    edited = [documents[0], documents[1] | {"reason": "No light"}, documents[2]]
    assert "Version 2 does not have the hash" in " ".join(protocols.faults(edited, hashes))
    mended = [hashes[0], protocols.hash_of(edited[1]), hashes[2]]
    assert "Version 3 does not follow" in " ".join(protocols.faults(edited, mended))
    assert "a version is missing" in " ".join(protocols.faults(documents[::2], hashes[::2]))
    swapped = [documents[0], documents[2], documents[1]]
    assert protocols.faults(swapped, [protocols.hash_of(document) for document in swapped])


def test_changes_are_told_field_by_field() -> None:
    after = json.loads(json.dumps(DESIGN))
    after["title"] = "Another"
    after["tasks"][1]["instructions"] = "Take your time."
    after["grras"]["blinding"] = "Arms hidden."
    after["order"]["washout_days"] = 14
    after["tasks"][0]["group_keys"] = ["color"]
    found = [(change.field, change.before, change.after) for change in protocols.changes(DESIGN, after)]
    assert sorted(found, key=lambda change: change[0]) == [
        ("grras.blinding", "", "Arms hidden."),
        ("order.washout_days", 28, 14),
        ("tasks.0.group_keys", [], None),
        ("tasks.0.group_keys.0", None, "color"),
        ("tasks.1.instructions", "", "Take your time."),
        ("title", DESIGN["title"], "Another"),
    ]
    assert protocols.changes(DESIGN, json.loads(json.dumps(DESIGN))) == []
