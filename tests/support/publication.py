"""Publication in tests: designs on uploaded cases, and a worker with the small numpy model."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.db.study_tables import StudyReader
from backend.reader_studies import running
from backend.reader_studies.handling import StudyHandler
from tests.support.explainer import ColourExplainer, load_concept_set
from tests.support.images import png
from tests.support.server import API, Upload, resources_of
from tests.support.short_jobs import ShortJobs

STUDIES = f"{API}/reader-studies"
MODEL = "ab" * 16  # of tests.support.explainer.checkpoint_info
COLOURS = [(200, 30, 40), (20, 200, 60), (60, 50, 220), (180, 180, 20), (90, 90, 90), (10, 120, 220)]


def study_design(cases: list[str], **changes: Any) -> dict[str, Any]:
    """Two tasks on cases, the first of which is for practice; a real arm, a sham, and the image alone."""
    return {
        "title": "Do maps show what they say?",
        "question": "Are maps of the model better than shams?",
        "cases": [
            {"case_id": case, "practice": place == 0, "truth_class": "mel" if place % 2 else "nv"}
            for place, case in enumerate(cases)
        ],
        "arms": [
            {"key": "real", "name": "Model", "model_version_id": MODEL, "map": "gradcam"},
            {"key": "sham", "name": "Sham", "model_version_id": MODEL, "map": "gradcam", "sham": "other_concept"},
            {"key": "alone", "name": "Image alone"},
        ],
        "tasks": [
            {"key": "where", "kind": "localization", "title": "Where", "arm_keys": ["real", "sham"]},
            {
                "key": "class",
                "kind": "diagnosis",
                "title": "Diagnosis",
                "arm_keys": ["alone", "real"],
                "positive_classes": ["mel"],
            },
        ],
        "order": {"seed": 5, "gap": 2, "repeats": 0.2},
    } | changes


def upload_cases(upload: Upload, count: int = 5) -> list[str]:
    """Ids of cases of one colour each."""
    return [upload(png(COLOURS[place], (32 + 4 * place, 32)))["id"] for place in range(count)]


def create_draft(client: TestClient, design: dict[str, Any]) -> str:
    """Id of a new study."""
    answer = client.post(STUDIES, json={"design": design})
    assert answer.status_code == 201, answer.text
    study_id: str = answer.json()["id"]
    return study_id


def add_reader(
    client: TestClient, study_id: str, slot: int, user_id: str | None = None, status: str = "invited"
) -> str:
    """Writes a reader's row."""
    with resources_of(client).database.writing() as session:
        row = StudyReader(study_id=study_id, slot=slot, user_id=user_id, status=status)
        session.add(row)
        session.flush()
        return row.id


def publication_jobs(client: TestClient, patch: pytest.MonkeyPatch) -> ShortJobs:
    """A worker that publishes; its models are the small numpy one, whatever their folders hold."""
    resources_of(client).inference.wait_until_registered()
    known = SimpleNamespace(concept_set=load_concept_set("isic2018"))
    patch.setattr(running, "read_registered", lambda _folder, _id: known)
    patch.setattr(running, "Predictor", lambda _checkpoint, _device: ColourExplainer())
    return ShortJobs(client, StudyHandler(), lambda content: running.run_publication(content, lambda *_: None))


def publish(client: TestClient, study_id: str) -> dict[str, Any]:
    """Asks for it."""
    answer = client.post(f"{STUDIES}/{study_id}/publish")
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def stored_images(client: TestClient, study_id: str) -> list[Path]:
    """Files of the study's own copies."""
    return sorted((resources_of(client).settings.storage_dir / "reader-studies" / study_id).rglob("*.png"))
