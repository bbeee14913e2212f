"""Making and reading predictions."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from backend.access.principal import SYSTEM, acting_as, current
from backend.audit.service import Subject, record
from backend.cases import repository as cases
from backend.cases.errors import CaseNotFound, CaseWaits
from backend.cases.rendering import open_rendered, wanted_rendering
from backend.cases.schemas import Review
from backend.cases.service import FOLDER
from backend.core.storage import Storage
from backend.datasets import service as datasets
from backend.db.base import new_id
from backend.db.session import on_rollback
from backend.db.tables import Case, ModelVersion, Prediction
from backend.intake.display import Rendering
from backend.intake.result import SourceFormat
from backend.model_registry import header_fit
from backend.model_registry import service as registry
from backend.predictions import document, repository
from backend.predictions.mapfiles import pack_maps
from backend.predictions.schemas import ModelSummary, PredictionCreate, PredictionList, PredictionRead
from backend.predictions.suggestion import likely_modalities
from backend.predictions.tokens import pack_tokens
from backend.resources import Resources
from models.explanation import Explanation


def create_prediction(
    session: Session,
    resources: Resources,
    case: Case,
    wanted: PredictionCreate,
    gone: Callable[[], bool] | None = None,
) -> PredictionRead:
    """Explain the case's image and keep the result.

    The transaction starts only when the explanation is there, so that nobody waits for the model.

    Args:
        session: to write to.
        resources: with the models.
        case: whose image is explained.
        wanted: model and rendering.
        gone: says whether who asked is still there.

    Raises:
        CaseWaits: nobody has looked yet whether its pixels name the patient.
        FrameNotFound, BadRendering: the case cannot be shown as is wanted.
        CaseNotFound: the case was deleted meanwhile.
        AppError: those of ``registry.choose`` and ``InferenceService.explain``.
    """
    if case.review == Review.WAITING:
        raise CaseWaits
    rendering = wanted_rendering(case, wanted.rendering)
    resources.inference.wait_until_registered()
    with resources.database.reading() as reader:
        origin = _origin(reader, case)
        header = _header(case)
        model, choice = registry.choose(
            reader, wanted.model_version_id, origin, header, lambda: _likely(resources, case)
        )
    explanation = _explain(resources, case, model, rendering, gone)
    seen = {
        "model_choice": choice.value,
        "rendering": None if rendering is None else rendering.model_dump(mode="json"),
        "header_note": None if header is None else header_fit.objection(header, model.concept_set),
    }
    prediction = _store(session, resources, case, model, explanation, seen)
    return _read(prediction, model)


def list_predictions(session: Session, case: Case) -> PredictionList:
    """Newest first."""
    found = repository.list_of_case(session, case.id)
    return PredictionList(items=[read_prediction(prediction) for prediction in found])


def read_prediction(prediction: Prediction) -> PredictionRead:
    """As the contract shows it. The model must be loaded with the row."""
    return _read(prediction, prediction.model_version)


def open_seen(storage: Storage, prediction: Prediction, case: Case) -> Image.Image:
    """What the model saw, RGB: the frame, and the window. Raises ``StoredFileMissing``."""
    rendering = prediction.document.get("rendering")
    return open_rendered(storage, case, None if rendering is None else Rendering.model_validate(rendering))


def _origin(session: Session, case: Case) -> registry.Origin | None:
    if case.dataset is None:
        return None
    with acting_as(SYSTEM):  # readers see no data sets; which model fits is the server's own question
        concept_set = datasets.concept_set_of(session, case.dataset)
    return registry.Origin(case.dataset, concept_set)


def _header(case: Case) -> header_fit.Header | None:
    """None: the case comes from a file that has none."""
    if case.source_format != SourceFormat.DICOM:
        return None
    return header_fit.Header(case.modality, case.body_part)


def _likely(resources: Resources, case: Case) -> tuple[str, ...]:
    with Image.open(io.BytesIO(resources.storage.read(case.thumbnail_key)), formats=["WEBP"]) as small:
        return likely_modalities(small)


def _explain(
    resources: Resources,
    case: Case,
    model: ModelVersion,
    rendering: Rendering | None,
    gone: Callable[[], bool] | None,
) -> Explanation:
    @contextmanager
    def opened() -> Iterator[Image.Image]:
        with resources.picture_slots:
            yield open_rendered(resources.storage, case, rendering)

    return resources.inference.explain(model.id, Path(model.folder), opened, current().user_id or "", gone)


def _store(
    session: Session,
    resources: Resources,
    case: Case,
    model: ModelVersion,
    explanation: Explanation,
    seen: dict[str, Any],
) -> Prediction:
    # A folder for each prediction: the same model gives the same maps again, and taking back the files of one
    # prediction that failed must not take those of another.
    prediction_id = new_id()
    owner = f"{FOLDER}/{case.id}/{prediction_id}"
    on_rollback(session, lambda: resources.storage.delete_all(owner))
    maps_key = resources.storage.put(owner, pack_maps(explanation), ".npz")
    tokens = explanation.tokens
    tokens_key = None if tokens is None else resources.storage.put(owner, pack_tokens(tokens), ".npy")
    if cases.lock(session, case.id) is None:
        raise CaseNotFound
    best = explanation.class_keys.index(explanation.predicted_class)
    prediction = Prediction(
        id=prediction_id,
        case_id=case.id,
        model_version_id=model.id,
        predicted_class=explanation.predicted_class,
        predicted_class_name=explanation.class_names[best],
        probability=float(explanation.probabilities[best]),
        document=document.to_document(explanation, registry.concept_set_of(model)) | seen,
        maps_key=maps_key,
        tokens_key=tokens_key,
    )
    session.add(prediction)
    made = {"case": case.id, "model_version": model.id, "predicted_class": prediction.predicted_class}
    record(session, "prediction.created", Subject("prediction", prediction_id), after=made)
    return prediction


def _read(prediction: Prediction, model: ModelVersion) -> PredictionRead:
    content: dict[str, Any] = {"model_choice": None, "rendering": None, "header_note": None, **prediction.document}
    return PredictionRead(
        id=prediction.id,
        case_id=prediction.case_id,
        model_version_id=prediction.model_version_id,
        model=ModelSummary(id=model.id, name=model.name, synthetic=model.synthetic),
        predicted_class=prediction.predicted_class,
        created_at=prediction.created_at,
        **content,
    )
