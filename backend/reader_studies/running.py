"""Preparing a study, in the process of its job. Imports torch, so the server does not import it."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from backend.core.storage import LocalStorage, Storage
from backend.jobs.handling import JobRefused
from backend.model_registry.checking import read_registered
from backend.reader_studies.building import BuiltItem, CaseFacts, build_items
from backend.reader_studies.choosing import CannotBuild
from backend.reader_studies.design import StudyDesign
from backend.reader_studies.job_order import RESULT, Made, MadeCase, MadeItem, PublicationOrder
from backend.reader_studies.sources import ImagePlace, png, read_image
from models.concepts import ConceptSet
from models.explanation import Explanation
from models.predictor import Predictor

Report = Callable[[str, int, int], None]
IMAGES, EXPLAINING, ITEMS = "Copying images", "Explaining images", "Making items"


def run_publication(content: Mapping[str, Any], report: Report) -> None:
    """Copies the images into the storage and writes the items into the job's folder.

    Args:
        content: of ``PublicationOrder``.
        report: called with a stage, and how many of how many are done.

    Raises:
        JobRefused: models or images cannot be read, or do not give what the design asks for.
        StoredFileMissing: an image is gone.
    """
    order = PublicationOrder.of(content)
    design = StudyDesign.model_validate(order.design)
    out, storage = Path(order.out), LocalStorage(Path(order.storage))
    shutil.rmtree(out, ignore_errors=True)  # of an attempt that was lost
    out.mkdir(parents=True)
    storage.delete_all(order.key)
    cases = _copy_images(order, storage, report)
    concept_sets, explanations = _explain(order, cases, storage, report)
    facts = [
        CaseFacts(made.width, made.height, ref.practice, case["class_key"], ref.clinical_information)
        for made, ref, case in zip(cases, design.cases, order.cases, strict=True)
    ]
    report(ITEMS, 0, 1)
    try:
        built = build_items(design, concept_sets, facts, lambda index, model: explanations[index, model])
    except CannotBuild as error:
        raise JobRefused(str(error)) from error
    made = Made(cases=cases, items=[_made(number, item) for number, item in enumerate(built, 1)])
    (out / RESULT).write_text(json.dumps(made.model_dump(mode="json"), allow_nan=False), "utf-8")


def _copy_images(order: PublicationOrder, storage: Storage, report: Report) -> list[MadeCase]:
    """The study's own copies: decoded and encoded again, so that nothing of the files but pixels comes along."""
    made = []
    for number, case in enumerate(order.cases, 1):
        report(IMAGES, number - 1, len(order.cases))
        image = read_image(ImagePlace.of(case["place"]), storage)
        content, key = png(image), f"{order.key}/{number:04d}.png"
        storage.write(key, content)
        digest = hashlib.sha256(content).hexdigest()
        made.append(MadeCase(number=number, width=image.width, height=image.height, sha256=digest, image_key=key))
    return made


def _explain(
    order: PublicationOrder, cases: list[MadeCase], storage: Storage, report: Report
) -> tuple[dict[str, ConceptSet], dict[tuple[int, str], Explanation]]:
    """Every image by every model, from the copies that readers will see; one model at a time."""
    concept_sets: dict[str, ConceptSet] = {}
    found: dict[tuple[int, str], Explanation] = {}
    total = len(order.models) * len(cases)
    for model in order.models:
        checkpoint = read_registered(Path(model["folder"]), model["id"])
        concept_sets[model["id"]] = checkpoint.concept_set
        predictor = Predictor(checkpoint, order.device)
        for index, case in enumerate(cases):
            report(EXPLAINING, len(found), total)
            with Image.open(io.BytesIO(storage.read(case.image_key)), formats=["PNG"]) as image:
                explanation = predictor.explain(image.convert("RGB"))
            found[index, model["id"]] = replace(explanation, tokens=None)  # the largest part, and not needed
    return concept_sets, found


def _made(number: int, item: BuiltItem) -> MadeItem:
    return MadeItem(
        number=number,
        unit=item.unit,
        task_key=item.task_key,
        arm_key=item.arm_key,
        case_number=item.case_index + 1,
        practice=item.practice,
        option_id=item.option_id,
        content=item.content,
        truth=item.truth,
    )
