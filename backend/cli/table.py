"""An explanation as plain text, for terminals, logs and pipes."""

from __future__ import annotations

from collections.abc import Iterator

from models.concepts import ConceptSet
from models.explanation import Explanation

_TEXT_WIDTH = 62


def explanation_table(explanation: Explanation, concept_set: ConceptSet, class_key: str | None = None) -> str:
    """Classes, then concepts by group with their signed contributions to one class.

    Args:
        explanation: of one image.
        concept_set: the model's.
        class_key: whose logit the contributions are to; the predicted class by default.
    """
    shown = explanation.class_keys.index(class_key or explanation.predicted_class)
    lines = [*_classes(explanation), "", *_concepts(explanation, concept_set, shown), "", *_sum(explanation, shown)]
    return "\n".join(line.rstrip() for line in lines)


def _classes(explanation: Explanation) -> Iterator[str]:
    yield f"{'Class':<{_TEXT_WIDTH}} {'probability':>12} {'logit':>9}"
    order = explanation.probabilities.argsort()[::-1]
    for index in order:
        mark = ">" if explanation.class_keys[index] == explanation.predicted_class else " "
        name = f"{mark} {explanation.class_names[index]}"
        yield f"{name:<{_TEXT_WIDTH}} {explanation.probabilities[index]:>12.1%} {explanation.logits[index]:>+9.2f}"


def _concepts(explanation: Explanation, concept_set: ConceptSet, shown: int) -> Iterator[str]:
    title = f"Concept (contributions are to {explanation.class_names[shown]})"
    yield f"{title:<{_TEXT_WIDTH}} {'probability':>12} {'score':>9} {'contribution':>13}"
    for group, columns in zip(concept_set.groups, concept_set.group_slices, strict=True):
        yield group.name
        probabilities = explanation.option_probabilities[columns]
        for offset, option in enumerate(group.options):
            column = columns.start + offset
            present = probabilities[offset] > 0.5 if group.is_binary else offset == probabilities.argmax()
            text = f"  {'>' if present else ' '} {_short(option.text)}"
            yield (
                f"{text:<{_TEXT_WIDTH}} {probabilities[offset]:>12.1%} {explanation.scores[column]:>+9.2f}"
                f" {explanation.contributions[column, shown]:>+13.2f}"
            )


def _sum(explanation: Explanation, shown: int) -> Iterator[str]:
    total = float(explanation.contributions[:, shown].sum())
    yield (
        f"Contributions to {explanation.class_names[shown]}: {total:+.2f}, bias {explanation.bias[shown]:+.2f},"
        f" together its logit {explanation.logits[shown]:+.2f}."
    )
    yield (
        f"Familiarity: {explanation.familiarity.percentile:.0f} % of the validation images lie nearer to the codebook"
        " than this one."
    )


def _short(text: str) -> str:
    room = _TEXT_WIDTH - 4
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"
