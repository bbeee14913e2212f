"""Items of a design as readers will see them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from weakref import WeakKeyDictionary

from fastapi import Request, Response
from PIL import Image
from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject
from backend.core.caching import REVALIDATE, immutable
from backend.db.study_tables import ReaderStudy, StudyCase
from backend.predictions.errors import PredictionFailed
from backend.predictions.inference import InferenceService
from backend.reader_studies import repository
from backend.reader_studies.blinding import current_design, require_unblinded
from backend.reader_studies.building import CaseFacts, build_item
from backend.reader_studies.candidates import image_address
from backend.reader_studies.checking import concept_sets_of
from backend.reader_studies.choosing import CannotBuild
from backend.reader_studies.design import StudyDesign
from backend.reader_studies.errors import PreviewImpossible
from backend.reader_studies.members import require_member, require_runner
from backend.reader_studies.schemas import PreviewCreate, PreviewRead
from backend.reader_studies.sources import ImagePlace, Source, png, read_image, resolve
from backend.resources import Resources
from models.explanation import Explanation

NO_IMAGE = "The design has no image at this place; save the draft and choose another one."
IMAGE_GONE = "Image {number} is gone, or you may not see it any more. Take it out, or choose another one."
MODEL_GONE = "Arm '{name}': the model version is gone, or its weights are. Choose another one."
KEPT = 48  # explanations; the larger part of each, its tokens, is not kept


class ExplanationCache:
    """The last explanations, since a preview asks for the same one under every arm."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Explanation] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Explanation]) -> Explanation:
        """What is kept under the key, or made and kept now."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = replace(make(), tokens=None)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made


# One for each server of this process.
_CACHES: WeakKeyDictionary[InferenceService, ExplanationCache] = WeakKeyDictionary()


@dataclass(frozen=True)
class _Shown:
    """An image of a design: where its pixels are, and what names them for all time."""

    place: ImagePlace
    identity: str
    source: Source | None
    row: StudyCase | None


def preview(session: Session, resources: Resources, study_id: str, body: PreviewCreate) -> PreviewRead:
    """One item, made as publication makes it.

    Raises:
        StudyNotFound, StudyNotYours, StillReading: as for whoever runs a study.
        PreviewImpossible: as the design stands, there is no such item.
        AppError: those of ``InferenceService.explain``, and ``StoredFileMissing``.
    """
    study = require_runner(session, study_id)
    require_unblinded(session, study)
    design = current_design(session, study)
    shown = _images(session, resources, study, design)
    if body.case_index >= len(shown):
        raise PreviewImpossible(NO_IMAGE)
    _check_models(session, design, body.task_key)
    picture = _read(resources, _there(shown, body.case_index))
    explain = _explainer(session, resources, design, shown, {body.case_index: picture})
    facts = [_facts(design, place, each, picture) for place, each in enumerate(shown)]
    try:
        item = build_item(
            design,
            concept_sets_of(session, design),
            facts,
            body.task_key,
            body.arm_key,
            body.case_index,
            explain,
        )
    except CannotBuild as error:
        raise PreviewImpossible(str(error)) from error
    return PreviewRead(
        content=item.content,
        image=image_address(study_id, body.case_index),
        width=picture.width,
        height=picture.height,
        truth=item.truth,
    )


def image(session: Session, resources: Resources, request: Request, study_id: str, index: int) -> Response:
    """PNG: pixels and nothing else. Once published, the study's own copy.

    Raises:
        StudyNotFound, StillReading: as ``members.require_member`` and ``blinding.require_unblinded``.
        PreviewImpossible: the design has no such image, or it is gone.
        StoredFileMissing: its file is.
    """
    study = require_member(session, study_id)
    require_unblinded(session, study)
    shown = _images(session, resources, study, current_design(session, study))
    if index >= len(shown):
        raise PreviewImpossible(NO_IMAGE)
    found = _there(shown, index)
    _note_view(resources, found)
    # The draft may have another image at this place tomorrow.
    return immutable(request, found.identity, "image/png", lambda: png(_read(resources, found)), REVALIDATE)


def _images(session: Session, resources: Resources, study: ReaderStudy, design: StudyDesign) -> list[_Shown | None]:
    """Of the design, in its order; None for what is gone."""
    if study.status in ("open", "closed"):
        return [_copy(row) for row in repository.study_cases(session, study.id)]
    found = resolve(session, resources.library, design.cases)
    return [
        None
        if source is None
        else _Shown(source.place, f"study-image-{source.fingerprint}-{source.place}", source, None)
        for source in found
    ]


def _copy(row: StudyCase) -> _Shown:
    return _Shown(ImagePlace("stored", key=row.image_key), f"study-image-{row.image_key}", None, row)


def _there(shown: list[_Shown | None], index: int) -> _Shown:
    found = shown[index]
    if found is None:
        raise PreviewImpossible(IMAGE_GONE.format(number=index + 1))
    return found


def _facts(design: StudyDesign, place: int, shown: _Shown | None, picture: Image.Image) -> CaseFacts:
    """With the size of the picture that is shown; what the others measure plays no part in one item."""
    ref = design.cases[place]
    known = shown.row.truth_class if shown and shown.row else shown.source.class_key if shown and shown.source else None
    return CaseFacts(
        width=picture.width,
        height=picture.height,
        practice=ref.practice,
        class_key=ref.truth_class or known,
        clinical_information=ref.clinical_information,
    )


def _check_models(session: Session, design: StudyDesign, task_key: str) -> None:
    known = concept_sets_of(session, design)
    keys = {key for task in design.tasks if task.key == task_key for key in task.arm_keys}
    for arm in design.arms:
        if arm.key in keys and arm.model_version_id is not None and arm.model_version_id not in known:
            raise PreviewImpossible(MODEL_GONE.format(name=arm.name))


def _explainer(
    session: Session,
    resources: Resources,
    design: StudyDesign,
    shown: list[_Shown | None],
    pictures: dict[int, Image.Image],
) -> Callable[[int, str], Explanation]:
    """What gives a model's explanation of an image of the design.

    Args:
        session: to look up models.
        resources: with the models.
        design: whose they are.
        shown: its images.
        pictures: that were read already, by place.
    """
    resources.inference.wait_until_registered()
    folders = {
        row.id: Path(row.folder)
        for row in repository.models(session, {arm.model_version_id or "" for arm in design.arms}).values()
    }
    cache = _CACHES.setdefault(resources.inference, ExplanationCache())

    def explain(place: int, model_version_id: str) -> Explanation:
        found = _there(shown, place)

        def make() -> Explanation:
            picture = pictures.get(place) or _read(resources, found)
            try:
                return resources.inference.explain(
                    model_version_id, folders[model_version_id], lambda: nullcontext(picture), current().user_id or ""
                )
            except PredictionFailed as error:
                raise PreviewImpossible(error.detail) from error

        return cache.get((model_version_id, found.identity), make)

    return explain


def _read(resources: Resources, shown: _Shown) -> Image.Image:
    with resources.picture_slots:
        return read_image(shown.place, resources.storage)


def _note_view(resources: Resources, shown: _Shown) -> None:
    """A look at somebody's picture, as anywhere else."""
    case_id = shown.row.case_id if shown.row else shown.source.case_id if shown.source else None
    if case_id is not None:
        resources.views.note("case.viewed", Subject("case", case_id))
