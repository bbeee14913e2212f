"""The panels of all models on the same images."""

from __future__ import annotations

from functools import partial

from models.experiments.findings import Drawing, Findings
from models.experiments.panels.content import ModelPanels, Shown, chosen_rows, model_panels, shown
from models.experiments.panels.figures import gradcam_panels, index_panels
from models.experiments.panels.settings import PanelsConfig
from models.experiments.subjects import subjects
from models.experiments.surroundings import ExperimentError, Surroundings

__all__ = ["PanelsConfig", "run"]


def run(settings: PanelsConfig, around: Surroundings) -> Findings:
    """Index maps (figures 8 and 10) and Grad-CAM maps (figures 11 and 12) of the same images by every model.

    Raises:
        ExperimentCancelled: somebody stopped it.
        ExperimentError: an image that is asked for is not there; see also ``subjects``.
        CheckpointError, DataError: see ``subjects``.
    """
    images: Shown | None = None
    models: list[ModelPanels] = []
    about, test = [], {}
    for subject in subjects(settings, around):
        rows = chosen_rows(subject.images, settings.keys, settings.images, settings.seed)
        images = images or shown(subject, rows)
        models.append(model_panels(subject, rows))
        about.append(subject.about())
        test = {"dataset": subject.images.dataset, "synthetic": subject.images.synthetic}
    if images is None:
        raise ExperimentError("models: there is none")
    kind = "drawn" if test["synthetic"] else f"of {test['dataset']}: look at its licence before they are passed on"
    return Findings(
        document={
            "test": test | {"keys": list(images.keys), "classes": list(images.classes)},
            "models": [one | model.to_json() for one, model in zip(about, models, strict=True)],
        },
        drawings=[
            Drawing("panels-index", partial(index_panels, images, models)),
            Drawing("panels-gradcam", partial(gradcam_panels, images, models, settings.colormap, settings.alpha)),
        ],
        sentences=[
            f"{len(images.keys)} images, {kind}.",
            "Some images prove nothing: how often maps point to the right place is what localization measures.",
            "The index map is auxiliary: it is not on the path to the prediction.",
        ],
    )
