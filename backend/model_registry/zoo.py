"""The only place where the server touches ``models.checkpoint`` and ``models.predictor``.

Both import torch, which takes seconds, so they are imported on the inference thread when first needed: /health answers
meanwhile, and no other thread ever runs torch.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PIL import Image

from backend.model_registry.ids import version_id
from models.concepts import ConceptSet
from models.explanation import Explanation
from models.intervene.editing import EditableModel

logger = logging.getLogger(__name__)


class Explainer(Protocol):
    """What the server needs of a loaded model; ``models.predictor.Predictor`` is one."""

    @property
    def device(self) -> str: ...

    @property
    def precision(self) -> str: ...

    def prepare(self, image: Image.Image) -> Any:
        """What ``explain_all`` takes of an image. On any thread; without torch."""
        ...

    def explain_all(self, prepared: Sequence[Any]) -> list[Explanation]:
        """Explains images in one pass."""
        ...


@dataclass(frozen=True)
class CheckpointInfo:
    """What the registry keeps of a checkpoint folder."""

    folder: Path
    weights_digest: str
    name: str
    dataset: str
    synthetic: bool
    concept_set: ConceptSet
    metrics: dict[str, Any]
    card: str


class ModelZoo(Protocol):
    """Finds and loads checkpoints. All but ``editable`` are called on the inference thread only."""

    def discover(self) -> Sequence[CheckpointInfo]:
        """All usable checkpoints; unusable ones are logged and left out."""
        ...

    def load(self, folder: Path) -> Explainer:
        """Raises ValueError when the folder is not a checkpoint."""
        ...

    def holds(self, folder: Path, model_version_id: str) -> bool:
        """Whether the folder still has the weights of this version. Raises OSError where it has none."""
        ...

    def editable(self, folder: Path) -> EditableModel:
        """What stands behind the tokens, in numpy, on any thread. Raises ValueError as ``load``."""
        ...


@dataclass(frozen=True)
class FolderZoo:
    """The shipped checkpoints in ``models/zoo``, then the user's own.

    Attributes:
        own: folder of checkpoint folders; need not exist.
        device: as torch names it, or auto.
        threads: of torch; by default one per physical core.
    """

    own: Path
    device: str
    threads: int | None = None

    def discover(self) -> Sequence[CheckpointInfo]:
        from models.checkpoint import list_zoo  # noqa: PLC0415 (see the top)

        folders = [*list_zoo(), *sorted(path.parent for path in self.own.glob("*/config.json"))]
        return [info for folder in folders if (info := describe(folder)) is not None]

    def load(self, folder: Path) -> Explainer:
        import torch  # noqa: PLC0415

        from models.predictor import Predictor  # noqa: PLC0415

        torch.set_num_threads(self.threads or physical_cores())
        # Denormals from a nearly saturated softmax make a CPU an order of magnitude slower.
        torch.set_flush_denormal(True)
        predictor = Predictor.from_folder(folder, self.device)
        warm_up(predictor)
        _spare_collector()
        return predictor

    def holds(self, folder: Path, model_version_id: str) -> bool:
        from models.checkpoint import read_checkpoint  # noqa: PLC0415 (see the top)

        return version_id(read_checkpoint(folder).weights_digest()) == model_version_id

    def editable(self, folder: Path) -> EditableModel:
        from models.checkpoint import read_checkpoint  # noqa: PLC0415 (see the top)
        from models.intervene.loading import read_editable  # noqa: PLC0415

        return read_editable(read_checkpoint(folder))


def warm_up(explainer: Explainer) -> None:
    """The first calls of anything in torch are slow; better here than in somebody's request.

    More than one picture, each of another kind, since what is prepared depends on shape and content: threads are
    started, memory is taken, and every path from wide, high, grey and coloured pictures is run through.
    """
    random = np.random.default_rng(0)
    for shape in ((480, 640, 3), (640, 480), (224, 224, 3)):
        explainer.explain_all([explainer.prepare(Image.fromarray(random.integers(0, 256, shape, dtype=np.uint8)))])


def _spare_collector() -> None:
    """What is in memory now stays: torch's and the models' millions of objects are not looked through again.

    Without it every full collection stops all requests for as long as that takes. What an earlier model left behind is
    collected first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def physical_cores() -> int:
    """Cores this process may use, hyper-threads counted once: two on one core only disturb each other."""
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    cores = set()
    for cpu in usable:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        try:
            cores.add(siblings.read_text())
        except OSError:
            cores.add(str(cpu))
    return max(1, len(cores))


def describe(folder: Path) -> CheckpointInfo | None:
    """What the registry keeps of a folder; None, and the reason in the log, if it is no usable checkpoint.

    Imports torch, so only the inference thread and the processes of jobs may call it.
    """
    from models.checkpoint import read_checkpoint  # noqa: PLC0415

    try:
        checkpoint = read_checkpoint(folder)
        return CheckpointInfo(
            folder=folder,
            weights_digest=checkpoint.weights_digest(),
            name=checkpoint.name,
            dataset=checkpoint.dataset,
            synthetic=checkpoint.synthetic,
            concept_set=checkpoint.concept_set,
            metrics=checkpoint.metrics,
            card=checkpoint.card,
        )
    except (ValueError, OSError):
        logger.exception("the checkpoint in %s is left out", folder)
        return None
