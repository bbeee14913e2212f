"""Publication of a reader study as a worker does it: a real child process, and the shipped small model."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from backend.core.storage import LocalStorage
from backend.datasets.library import DatasetLibrary
from backend.db.study_tables import ReaderStudy, StudyAssignment, StudyCase, StudyItem, StudyProtocol, StudyReader
from backend.jobs import service
from backend.jobs.kinds import JobKind, Queue
from backend.model_registry.service import add
from backend.model_registry.zoo import describe
from backend.reader_studies import protocols, stimuli
from backend.reader_studies.design import StudyDesign
from backend.reader_studies.items import ItemContent, ItemTruth
from models.checkpoint import list_zoo
from models.predictor import Predictor
from tests.worker.site import Site
from worker.__main__ import COMMAND
from worker.handlers import HANDLERS
from worker.work import Context, run_next

EXAMPLES = ("dermoscopy-mel-1", "dermoscopy-nv-1", "dermoscopy-bcc-1")


@pytest.fixture
def context(site: Site) -> Context:
    return Context(
        settings=site.settings,
        database=site.database,
        storage=LocalStorage(site.settings.storage_dir),
        library=DatasetLibrary(site.settings.datasets_dir),
        handlers=HANDLERS,
        command=COMMAND,
        name="test",
        device="cpu",
        device_name="here cpu",
    )


@pytest.fixture
def folder() -> Path:
    """Of the shipped model of procedural dermoscopy."""
    (found,) = [path for path in list_zoo() if path.name == "synthetic-dermoscopy"]
    return found


def design(model: str) -> dict[str, Any]:
    arm = {"model_version_id": model, "map": "gradcam"}
    made = StudyDesign.model_validate(
        {
            "title": "Maps of the shipped model",
            "cases": [
                {"dataset_id": "synthetic-dermoscopy", "split": "test", "image": key, "practice": place == 0}
                for place, key in enumerate(EXAMPLES)
            ],
            "arms": [
                {"key": "real", "name": "Model", **arm},
                {"key": "sham", "name": "Sham", "sham": "other_image", **arm},
            ],
            "tasks": [
                {"key": "what", "kind": "alignment", "title": "What", "arm_keys": ["real", "sham"]},
                {"key": "where", "kind": "localization", "title": "Where", "arm_keys": ["real", "sham"]},
            ],
            "order": {"gap": 0, "repeats": 0.25},
        }
    )
    return made.model_dump(mode="json")


def published(site: Site, folder: Path, **changes: Any) -> str:
    """Id of a study that waits for its job, with two readers."""
    info = describe(folder)
    assert info is not None
    with site.database.writing() as session:
        model = add(session, info)
        job = service.enqueue(session, JobKind.STUDY)
        study = ReaderStudy(title="Maps", design=design(model.id) | changes, status="publishing", job_id=job.id)
        session.add(study)
        session.flush()
        session.add_all([StudyReader(study_id=study.id, slot=slot) for slot in range(2)])
        return study.id


def rows(site: Site, table: type[Any], study_id: str) -> list[Any]:
    with site.database.reading() as session:
        return session.query(table).filter_by(study_id=study_id).all()


def test_a_study_is_prepared_in_a_process_of_its_own(site: Site, context: Context, folder: Path) -> None:
    study_id = published(site, folder)
    assert run_next(Queue.SHORT, context)
    with site.database.reading() as session:
        study = session.get_one(ReaderStudy, study_id)
    assert site.row(study.job_id).status == "succeeded", site.told(study.job_id)
    assert study.status == "open"
    stages = [event["stage"] for event in site.events(study.job_id, "stage")]
    assert stages == ["Copying images", "Explaining images", "Making items"]
    cases = {row.number: row for row in rows(site, StudyCase, study_id)}
    assert [cases[number].truth_class for number in (1, 2, 3)] == ["mel", "nv", "bcc"]
    for row in cases.values():
        assert hashlib.sha256(context.storage.read(row.image_key)).hexdigest() == row.sha256
    items = rows(site, StudyItem, study_id)
    assert len(items) == 2 * (1 + 2 * 2)
    (protocol,) = rows(site, StudyProtocol, study_id)
    assert protocols.faults([protocol.document], [protocol.hash]) == []
    for reader in rows(site, StudyReader, study_id):
        mine = [row for row in rows(site, StudyAssignment, study_id) if row.reader_id == reader.id]
        assert len(mine) == 10 + 2
        assert reader.order_digest is not None
    assert_the_models_maps(site, study_id, folder, {number: row.image_key for number, row in cases.items()})


def assert_the_models_maps(site: Site, study_id: str, folder: Path, keys: dict[int, str]) -> None:
    """What is stored is the map of the model itself, computed here once more; under the sham that of the other one."""
    predictor, root = Predictor.from_folder(folder, "cpu"), site.settings.storage_dir
    found = {}
    for number, key in keys.items():
        with Image.open(root / key) as image:
            found[number] = replace(predictor.explain(image), tokens=None)
    for item in rows(site, StudyItem, study_id):
        content, truth = ItemContent.model_validate(item.content), ItemTruth.model_validate(item.truth)
        assert (truth.map_option_id, truth.sham) == (item.option_id, "other_image" if item.arm_key == "sham" else None)
        values = stimuli.patch_map(found[truth.map_case_number or 0], "gradcam", item.option_id)
        expected = stimuli.render(values, found[truth.map_case_number or 0].region, 640, 640)
        assert content.map is not None
        assert (content.map.width, content.map.height) == (96, 96)
        assert content.map == expected
        assert truth.map_sha256 == stimuli.sha256_of(expected)


def test_what_cannot_be_prepared_makes_it_a_draft_again(site: Site, context: Context, folder: Path) -> None:
    arms = [{"key": "real", "name": "Model", "model_version_id": None}]
    whole = design("0" * 32)
    task = {**whole["tasks"][1], "arm_keys": ["real"]}
    study_id = published(site, folder, arms=arms, tasks=[task], cases=whole["cases"][1:2])
    assert run_next(Queue.SHORT, context)
    with site.database.reading() as session:
        study = session.get_one(ReaderStudy, study_id)
    row = site.row(study.job_id)
    assert (row.status, study.status) == ("failed", "draft")
    assert "needs an arm with a model" in (row.error or "")
    assert rows(site, StudyItem, study_id) == []
    assert list(site.settings.storage_dir.glob("reader-studies/*/*")) == []
