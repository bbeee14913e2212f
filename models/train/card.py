"""The model card: what a model is, how it was made and how good it measured, for people."""

from __future__ import annotations

from typing import Any

from models.checkpoint import ModelConfig
from models.concepts import ConceptSet


def model_card(config: ModelConfig, concept_set: ConceptSet, metrics: dict[str, Any]) -> str:
    """Writes the card.

    Args:
        config: architecture.
        concept_set: it was trained with.
        metrics: content of ``metrics.json``: ``training``, ``validation`` and ``test``.

    Returns:
        Markdown.
    """
    test, training = metrics["test"], metrics["training"]
    lines = [
        f"# {config.name}",
        "",
        "Research use only. Not for diagnosis.",
        "",
        (
            f"An IVQ-CBM for *{concept_set.title}*: {len(concept_set.classes)} classes explained by "
            f"{concept_set.group_count} concept groups with {concept_set.option_count} options."
        ),
        "",
        *_data_section(config, training),
        "## Figures",
        "",
        f"On {test['images']} test images that neither training nor the choice of the epoch saw:",
        "",
        "| figure | value |",
        "| --- | --- |",
        f"| class balanced accuracy (BMAC) | {test['class_bmac']:.3f} |",
        f"| class accuracy | {test['class_accuracy']:.3f} |",
        f"| mean concept balanced accuracy | {test['concept_bmac']:.3f} |",
        f"| Magnet assignment entropy (share of the maximum) | {test['assignment_entropy']:.2f} |",
        "",
        *_concept_section(concept_set, test, supervised=training["settings"]["localization_weight"] > 0),
        *_class_section(concept_set, test),
        "## Architecture",
        "",
        f"- encoder `{config.encoder}`, {config.grid[0]} x {config.grid[1]} patch tokens of width {config.token_width}",
        f"- {config.codes} codes, beta {config.beta}; Magnet temperature {config.temperature} x token width",
        f"- text space of width {config.text_width}; concept set `{concept_set.name}` version {concept_set.version}",
        "",
        "## How it was made",
        "",
        (
            f"`{training['command']}`, seed {training['seed']}, {training['epochs']} epochs "
            f"(best: {training['best_epoch']}), {training['minutes']:.0f} minutes on {training['machine']}."
        ),
        *_parent_section(training["settings"]["parent"]),
        "",
    ]
    return "\n".join(lines)


def _parent_section(parent: str | None) -> list[str]:
    return [] if parent is None else ["", f"It started from the weights of `{parent}`."]


def _data_section(config: ModelConfig, training: dict[str, Any]) -> list[str]:
    text = f"Trained on {training['images']} images of `{config.dataset}`."
    if config.synthetic:
        text += (
            " The images are procedural: drawn by a program, with no patient behind them. The figures below say how "
            "well the model reads such drawings and nothing about real lesions."
        )
    return ["## Data", "", text, ""]


def _concept_section(concept_set: ConceptSet, test: dict[str, Any], *, supervised: bool) -> list[str]:
    located = test.get("pointing", {"gradcam": {}, "centre_prior": {}})
    lines = [
        "| concept group | balanced accuracy | Grad-CAM maximum on the finding | same, pointing to the centre |",
        "| --- | --- | --- | --- |",
    ]
    for group in concept_set.groups:
        hit, prior = located["gradcam"].get(group.key), located["centre_prior"].get(group.key)
        lines.append(
            f"| {group.name} | {test['concept_bmac_per_group'][group.key]:.3f} | {_share(hit)} | {_share(prior)} |"
        )
    note = "The data set has no masks."
    if located["gradcam"]:
        note = "The finding's mask is taken patch by patch (at least 10 % covered) and grown by one patch."
        if supervised:
            note += " Training used the masks of its own images to teach where findings lie."
    return [*lines, "", note, ""]


def _class_section(concept_set: ConceptSet, test: dict[str, Any]) -> list[str]:
    recalls = test["class_recall"]
    rows = [f"| {label.name} | {_share(recalls.get(label.key))} |" for label in concept_set.classes]
    return ["| class | recall |", "| --- | --- |", *rows, ""]


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
