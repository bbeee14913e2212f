"""A reader who wants to know what they must not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from backend.db.study_tables import ReaderStudy, StudyAssignment, StudyCase, StudyItem, StudyReader
from backend.db.tables import Case
from tests.support.people import OTHER_READER
from tests.support.server import resources_of

OTHERS_WORDS = "What the other reader thinks"
# No key of any answer, at any depth.
HIDDEN_KEYS = {
    "arm", "arm_key", "arm_keys", "arms", "truth", "sham", "unit", "item", "item_id", "item_number", "repeated",
    "model_version_id", "model_id", "option_id", "map_option_id", "map_sha256", "sha256", "case_id", "case_number",
    "pseudonym", "filename", "image_key", "slot", "seed", "order_digest", "positive", "answer", "reader_id", "design",
    "truth_class", "dataset", "synthetic", "task_key",
}  # fmt: skip
ITEM_OF_NEXT = {"item"}  # the one place where the word means something else
USUAL_HEADERS = {
    "content-type", "content-length", "cache-control", "etag", "x-request-id", "content-security-policy",
    "x-content-type-options", "x-frame-options", "referrer-policy", "cross-origin-opener-policy",
    "cross-origin-resource-policy", "permissions-policy",
}  # fmt: skip


class Known:
    """What only the database knows: of the study, and by assignment of the first reader."""

    def __init__(self, client: TestClient, study_id: str) -> None:
        with resources_of(client).database.reading() as session:
            study = session.get_one(ReaderStudy, study_id)
            cases = session.query(StudyCase).filter_by(study_id=study_id).all()
            items = {item.id: item for item in session.query(StudyItem).filter_by(study_id=study_id)}
            readers = session.query(StudyReader).filter_by(study_id=study_id).order_by(StudyReader.slot).all()
            placed = session.query(StudyAssignment).order_by(StudyAssignment.session, StudyAssignment.position)
            mine = placed.filter_by(reader_id=readers[0].id).all()
            others = placed.filter_by(reader_id=readers[1].id).all()
            sources = session.query(Case).filter(Case.id.in_([case.case_id for case in cases])).all()
        self.order = [row.id for row in mine]
        self.others = [row.id for row in others]
        self.items = {row.id: items[row.item_id] for row in mine}
        self.repeats = [row.id for row in mine if row.repeated]
        self.case_ids = {case.id for case in sources}
        self.paths = {
            "study_id": study_id, "reader_id": readers[1].id, "assignment_id": self.others[1],
            "case_id": sources[0].id, "user_id": OTHER_READER.id, "index": "0", "version": "1",
        }  # fmt: skip
        arms = [word for arm in study.design["arms"] for word in (arm["key"], arm["name"])]
        tasks = [task["key"] for task in study.design["tasks"]]
        rows = [*(case.id for case in cases), *items, *(reader.id for reader in readers)]
        files = [word for case in cases for word in (case.image_key, case.sha256, case.source["label"] + '"')]
        of_cases = [word for case in sources for word in (case.pseudonym, case.id, case.sha256)]
        self.words = {*arms, *tasks, *rows, *files, *of_cases, *self.others, OTHERS_WORDS}
        self.models = {str(arm["model_version_id"]) for arm in study.design["arms"] if arm["model_version_id"]}


def keys_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from keys_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from keys_in(each)


def look_through(answer: Response, known: Known, given: frozenset[str] = frozenset()) -> None:
    """No byte of an answer tells anything; ``given``: what the reader knew, because it was in the request."""
    everything = answer.text + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    assert [word for word in known.words - given if word in everything] == []
    assert set(answer.headers) <= USUAL_HEADERS
    if answer.headers.get("content-type", "").startswith("application/json"):
        body = answer.json()
        told = set(keys_in(body)) - (ITEM_OF_NEXT if "upcoming" in body else set())
        assert told & HIDDEN_KEYS == set()
