"""Why two models say different things of an image: what spoke for each answer, and where in the picture.

Shapes: B images, S pixels a side, O options, C classes, rows x columns the patch grid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from models.cbm.network import IVQCBM
from models.checkpoint import Checkpoint
from models.compare.comparison import Compared
from models.compare.result import ChangedPrediction, Kind
from models.concepts import ConceptSet
from models.explain.export import NOT_FOR_DIAGNOSIS
from models.explain.gradcam import gradcam_maps
from models.explain.sheets import map_tile, tile, write_sheet
from models.preprocessing import normalise

TILE = 224  # pixels a side
MOST = 48
STRONGEST = 5
_BATCH = 16
_ORDER: dict[Kind, int] = {"broken": 0, "fixed": 1, "changed-wrong": 2, "unknown": 2}
Progress = Callable[[int, int], None]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Contribution(_Record):
    """What an option adds to the logit of the predicted class: its weight there times its score."""

    option: str
    text: str
    group: str
    score: float
    contribution: float


class ModelExplanation(_Record):
    """One model's answer for one image.

    Attributes:
        predicted: key of the class.
        probabilities: by class key, in A's order.
        contributions: the largest to the logit of the predicted class, largest first.
        shown: id of the option whose Grad-CAM is drawn: the one that adds most, of those in a group with a place in
            the image, where the concept set has any such group.
    """

    predicted: str
    probabilities: dict[str, float]
    contributions: tuple[Contribution, ...]
    shown: str


class ChangedImage(_Record):
    """An image with both answers.

    Attributes:
        key: of the image.
        truth: key of its class; None where not known.
        kind: as in the comparison.
        file: with three tiles in a row: the image, then the same under A's and B's Grad-CAM.
        a: what A says.
        b: what B says.
    """

    key: str
    truth: str | None
    kind: Kind
    file: str
    a: ModelExplanation
    b: ModelExplanation


class ChangedExplanations(_Record):
    """Images whose prediction changed: those that A alone has right first, then those that B alone has, then others.

    Attributes:
        notice: to be shown with it.
        tile: pixels a side of a tile.
        changed: images whose prediction changed in all; at most ``MOST`` of them are explained.
        images: in this order, and within each kind in that of the comparison.
    """

    notice: str = NOT_FOR_DIAGNOSIS
    tile: int
    changed: int
    images: tuple[ChangedImage, ...]


def explain_changes(folder: Path, compared: Compared, progress: Progress | None = None) -> ChangedExplanations:
    """Writes ``changed-<number>.jpg`` for each image that is explained, numbered from 0 in their order.

    Args:
        folder: made when missing; files of the same names are replaced.
        compared: of ``compare_images``.
        progress: called with (done, all) passes of an image through a model; what it raises ends the work.

    Raises:
        OSError: if a sheet cannot be written.
    """
    comparison, images = compared.comparison, compared.images
    chosen = sorted(comparison.changed, key=lambda change: _ORDER[change.kind])[:MOST]  # stable
    place = {key: row for row, key in enumerate(images.keys)}
    rows = np.array([place[change.key] for change in chosen], np.int64)
    folder.mkdir(parents=True, exist_ok=True)
    tell = progress or (lambda _done, _total: None)
    tell(0, 2 * len(rows))
    views: list[list[_View]] = []
    for side in (0, 1):
        model = _Model(compared.networks[side], compared.checkpoints[side], images.images[side])
        said = [change.class_b if side else change.class_a for change in chosen]
        views.append(model.views(rows, said, partial(_told, tell, side)))
    found = []
    for number, (change, row, a, b) in enumerate(zip(chosen, rows.tolist(), *views, strict=True)):
        file = f"changed-{number}.jpg"
        pictures = [np.asarray(own[row]) for own in images.images]
        tiles = [tile(pictures[0], TILE), map_tile(pictures[0], a.map, TILE), map_tile(pictures[1], b.map, TILE)]
        write_sheet(folder / file, tiles, len(tiles))
        found.append(_changed(change, file, (a, b), comparison.class_keys))
    return ChangedExplanations(tile=TILE, changed=len(comparison.changed), images=tuple(found))


def _told(tell: Progress, side: int, done: int, images: int) -> None:
    tell(side * images + done, 2 * images)


def _changed(
    change: ChangedPrediction, file: str, views: tuple[_View, _View], class_keys: tuple[str, ...]
) -> ChangedImage:
    said = ((change.class_a, change.probabilities_a), (change.class_b, change.probabilities_b))
    a, b = (
        ModelExplanation(
            predicted=predicted,
            probabilities=dict(zip(class_keys, probabilities, strict=True)),
            contributions=view.contributions,
            shown=view.shown,
        )
        for (predicted, probabilities), view in zip(said, views, strict=True)
    )
    return ChangedImage(key=change.key, truth=change.truth, kind=change.kind, file=file, a=a, b=b)


@dataclass(frozen=True, eq=False)
class _View:
    """What spoke for an answer, and the map (rows, columns) of the option that is shown."""

    contributions: tuple[Contribution, ...]
    shown: str
    map: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class _Model:
    """One of the models with its images (N, S, S, 3)."""

    network: IVQCBM
    checkpoint: Checkpoint
    images: NDArray[np.uint8]

    @torch.inference_mode()
    def views(self, rows: NDArray[np.int64], said: list[str], tell: Progress) -> list[_View]:
        """Of some images (B,), from the keys of the classes that the model said of them."""
        concept_set, bottleneck = self.checkpoint.concept_set, self.network.bottleneck
        weight = bottleneck.head.weight.cpu().numpy()
        device = next(self.network.parameters()).device
        found = []
        for begin in range(0, len(rows), _BATCH):
            chosen = rows[begin : begin + _BATCH]
            pixels = normalise(np.asarray(self.images[chosen]), self.checkpoint.config.preprocessing)
            output = self.network(pixels.to(device))
            maps = gradcam_maps(bottleneck, output.patches, output.assignment, output.concepts).cpu().numpy()
            for scores, own, key in zip(output.scores.cpu().numpy(), maps, said[begin:], strict=False):
                contributions = weight[concept_set.class_keys.index(key)] * scores
                shown = shown_option(contributions, concept_set)
                found.append(
                    _View(
                        tuple(_listed(contributions, scores, concept_set)),
                        concept_set.option_ids[shown],
                        own[shown].reshape(self.checkpoint.config.grid).copy(),
                    )
                )
            tell(begin + len(chosen), len(rows))
        return found


def shown_option(contributions: NDArray[np.float32], concept_set: ConceptSet) -> int:
    """Column of the option that adds most (O,), among those with a place in the image where there are any."""
    local = np.array([concept_set.groups[group].localizable for group in concept_set.group_of_option])
    return int(np.where(local, contributions, -np.inf).argmax() if local.any() else contributions.argmax())


def _listed(
    contributions: NDArray[np.float32], scores: NDArray[np.float32], concept_set: ConceptSet
) -> Iterable[Contribution]:
    texts = [option.text for group in concept_set.groups for option in group.options]
    for column in np.argsort(-contributions, kind="stable")[:STRONGEST].tolist():
        yield Contribution(
            option=concept_set.option_ids[column],
            text=texts[column],
            group=concept_set.groups[concept_set.group_of_option[column]].key,
            score=float(scores[column]),
            contribution=float(contributions[column]),
        )
