"""How long a training run would take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from backend.core.settings import Settings
from backend.jobs.kinds import JobKind
from backend.training_runs import repository
from backend.training_runs.examining import Asked, Examined
from backend.training_runs.repository import MadeHere
from backend.training_runs.schemas import DrawnImages, StageEstimate, TrainingEstimate

if TYPE_CHECKING:
    from models.train import TrainConfig
    from models.train.speeds import Speeds

# Processor time that a new process takes to load torch and a model: docs/training.md, "In the application".
STARTING = 7.0
_LOOKED_AT = 20
_NOT_KNOWN = "Not known until what stands in the way is settled."
_HERE = "Earlier training runs on this server with the same encoder ({encoder}); the latest made {name}."
_OTHER_WORK = "A machine that does other work takes longer."
_PARENT = (
    "How fast the parent {name} was trained, wherever that was, and figures that the project measured on two processor "
    f"cores. {_OTHER_WORK}"
)
_PROJECT = (
    "Figures that the project measured on two processor cores; no run with this encoder ({encoder}) has ended here "
    f"yet. {_OTHER_WORK}"
)


def estimate(session: Session, settings: Settings, examined: Examined) -> TrainingEstimate:
    """Time, basis and what stands in the way."""
    asked = examined.asked
    counts = asked.counts
    fields: dict[str, Any] = {
        "waiting": repository.count_before(session, JobKind.TRAINING.queue.value),
        "images": DrawnImages.model_construct(**counts.model_dump()),
        "labelled_cases": len(asked.labelled),
        "changes": examined.changes,
        "problems": examined.problems,
    }
    if examined.training is None or min(counts.model_dump().values()) < 1:
        nothing: dict[str, Any] = {"seconds": 0.0, "low": 0.0, "high": 0.0, "stages": [], "measured_here": False}
        return TrainingEstimate.model_construct(**fields, **nothing, basis=_NOT_KNOWN)
    made = repository.list_made(session, _LOOKED_AT)
    return _times(settings, examined, examined.training, made, fields)


def _times(
    settings: Settings, examined: Examined, training: TrainConfig, made: list[MadeHere], fields: dict[str, Any]
) -> TrainingEstimate:
    from models.train import estimate as of_training  # noqa: PLC0415 (imports torch)

    asked = examined.asked
    speeds, basis, measured_here = _speeds(asked, training, made)
    auxiliary = training.auxiliary
    work = of_training.Work(
        train=asked.counts.train + (len(asked.labelled) if asked.body.settings.include_labels else 0),
        validation=asked.counts.validation,
        test=asked.counts.test,
        epochs=training.epochs,
        options=asked.concept_set.option_count,
        mode="quick" if asked.quick else "full",
        auxiliary=0
        if auxiliary is None
        else min(auxiliary.train, asked.counts.train)
        if asked.quick
        else auxiliary.train,
        auxiliary_share=0.0 if auxiliary is None else auxiliary.share,
        tokens_cached=asked.quick and any(_same_tokens(asked, each) for each in made),
        prepared=_prepared(settings, asked),
    )
    found = of_training.estimate(work, speeds)
    stages = [StageEstimate(stage="starting", seconds=STARTING)]
    stages += [StageEstimate(stage=stage, seconds=seconds) for stage, seconds in found.stages.items()]
    return TrainingEstimate.model_construct(
        **fields,
        seconds=STARTING + found.total,
        low=STARTING / 2 + found.low,
        high=2 * STARTING + found.high,
        stages=stages,
        basis=basis,
        measured_here=measured_here,
    )


def _speeds(asked: Asked, training: TrainConfig, made: list[MadeHere]) -> tuple[Speeds, str, bool]:
    """Speeds with what they rest on: runs here, then the parent's record, then the project's figures."""
    from models.train.speeds import Speeds, speeds_of_run  # noqa: PLC0415 (imports torch)

    found = Speeds(trial=False)
    alike = [each for each in made if _settings(each.metrics).get("encoder") == training.encoder]
    for each in alike:
        found = found.filled(speeds_of_run(each.metrics, _options(each.concept_set)))
    here = (found.tokens if asked.quick else found.training) is not None
    parent = asked.parent
    if parent is not None:
        found = found.filled(speeds_of_run(parent.metrics, _options(parent.concept_set)))
    if here:
        basis = _HERE.format(encoder=training.encoder, name=alike[0].name)
    elif parent is not None and (found.tokens if asked.quick else found.training) is not None:
        basis = _PARENT.format(name=parent.name)
    else:
        basis = _PROJECT.format(encoder=training.encoder)
    return found.filled(_of_the_project(Speeds)), basis, here


def _of_the_project(kind: type[Speeds]) -> Speeds:
    """Of the shipped ultrasound model, the slower of the two: docs/training.md ("In the application") has the table.

    ``training`` is from docs/results/training-speed.md (two threads, nothing else running). The others are from
    ``measure_speeds`` with one thread on a busy machine; ``preparing`` is drawing, which is slower than decoding.
    """
    return kind(
        encoder=14.0, training=28.0, tokens=316.0, measuring=1276.0, ranking=335.0, preparing=49.0,
        options=15, trial=False,
    )  # fmt: skip


def _options(concept_set: Mapping[str, Any]) -> int:
    return sum(len(group["options"]) for group in concept_set["groups"])


def _settings(metrics: Mapping[str, Any]) -> Mapping[str, Any]:
    found = (metrics.get("training") or {}).get("settings")
    return found if isinstance(found, dict) else {}


def _same_tokens(asked: Asked, made: MadeHere) -> bool:
    """Whether an earlier quick run left the tokens that this one needs: same images, same encoder."""
    lineage = made.metrics.get("lineage") or {}
    if lineage.get("mode") != "quick" or asked.parent is None:
        return False
    dataset = lineage.get("dataset") or {}
    same_images = dataset.get("id") == asked.source.id and dataset.get("counts") == asked.counts.model_dump()
    encoder_of = {(lineage.get("parent") or {}).get("id"), made.id}
    return same_images and asked.parent.id in encoder_of


def _prepared(settings: Settings, asked: Asked) -> bool:
    """Whether the images are kept as arrays already."""
    if asked.source.prepared is not None:
        return any((asked.source.prepared.folder / "cache").glob("*"))
    counts = asked.counts.model_dump()
    folder = settings.data_dir / "cache"
    return all(any(folder.glob(f"{asked.source.name}-{split}-{count}-*/complete")) for split, count in counts.items())
