"""The protocol: one document that says everything that was fixed at publication, and its hash.

Whoever has the document can compute the hash again: SHA-256 of the document as canonical JSON (UTF-8, sorted keys, no
blanks). A later version names the hash of the one before, so that none can be changed or left out unnoticed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from backend.audit.chain import canonical
from backend.reader_studies.schemas import ChangeRead

FORMAT = "vitrine-reader-study/1"
FIRST = "First version, at publication."


def hash_of(document: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical document."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def software() -> str:
    """Name and version, for protocols."""
    try:
        return f"Vitrine {version('vitrine')}"
    except PackageNotFoundError:
        return "Vitrine"


def first_document(
    study_id: str,
    design: Mapping[str, Any],
    models: Sequence[Mapping[str, Any]],
    cases: Sequence[Mapping[str, Any]],
    items: Sequence[Mapping[str, Any]],
    *,
    software: str,
    published_at: str,
) -> dict[str, Any]:
    """Version 1.

    Args:
        study_id: of the row.
        design: as it was published.
        models: id, name, weights and concept set of every model version of the design.
        cases: number, source, digest and truth of every image.
        items: what was asked of whom, under which arm, and the truth; without pixels, whose digests stand in it.
        software: name and version.
        published_at: ISO 8601.
    """
    return {
        "format": FORMAT,
        "study_id": study_id,
        "version": 1,
        "reason": FIRST,
        "software": software,
        "published_at": published_at,
        "amended_at": None,
        "design": dict(design),
        "models": [dict(model) for model in models],
        "cases": [dict(case) for case in cases],
        "items": [dict(item) for item in items],
        "previous_hash": None,
    }


def next_document(
    before: Mapping[str, Any], design: Mapping[str, Any], *, reason: str, amended_at: str, software: str
) -> dict[str, Any]:
    """The version after: another design of the same items.

    Args:
        before: the version that holds until now.
        design: with what the amendment changes.
        reason: of the amendment.
        amended_at: ISO 8601.
        software: name and version.
    """
    return dict(before) | {
        "version": int(before["version"]) + 1,
        "reason": reason,
        "software": software,
        "amended_at": amended_at,
        "design": dict(design),
        "previous_hash": hash_of(before),
    }


def faults(documents: Sequence[Mapping[str, Any]], hashes: Sequence[str]) -> list[str]:
    """What is wrong with a chain of protocols, in words; nothing if every hash fits.

    Args:
        documents: oldest first.
        hashes: that were noted for them.
    """
    found = []
    previous = None
    for number, (document, noted) in enumerate(zip(documents, hashes, strict=True), 1):
        if document.get("version") != number:
            found.append(f"Version {number} calls itself {document.get('version')}; a version is missing or moved.")
        if hash_of(document) != noted:
            found.append(f"Version {number} does not have the hash that was noted for it; it was changed since.")
        if document.get("previous_hash") != previous:
            found.append(f"Version {number} does not follow the version before it.")
        previous = noted
    return found


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[ChangeRead]:
    """Field by field, what differs between two designs.

    Args:
        before: a design as JSON values.
        after: another one.

    Returns:
        By path, such as ``tasks.0.instructions``, in the order of the design.
    """
    old, new = dict(_fields(before, "")), dict(_fields(after, ""))
    return [
        ChangeRead(field=field, before=old.get(field), after=new.get(field))
        for field in [*old, *(field for field in new if field not in old)]
        if old.get(field) != new.get(field) or (field in old) != (field in new)
    ]


def _fields(value: Any, path: str) -> list[tuple[str, Any]]:
    """Every leaf with its path; empty lists and objects are leaves."""
    if isinstance(value, Mapping) and value:
        return [found for key in value for found in _fields(value[key], f"{path}.{key}" if path else str(key))]
    if isinstance(value, list) and value:
        return [found for place, each in enumerate(value) for found in _fields(each, f"{path}.{place}")]
    return [(path, value)]
