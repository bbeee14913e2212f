"""A recomputed decision, and a model's head, as the contract shows them."""

from __future__ import annotations

from typing import Any

from backend.interventions.schemas import HeadGroup, HeadOption, ModelHead
from backend.model_registry.schemas import ClassRead
from models.intervene.editing import EditableModel, Predicted, Recomputed
from models.intervene.scores import Decision, DecisionHead


def to_document(head: DecisionHead, predicted: Predicted, found: Recomputed) -> dict[str, Any]:
    """The fields of ``InterventionOutcome``."""
    keys, before = head.concept_set.class_keys, predicted.decision
    return {
        "baseline": _classes(head, before),
        "intervened": _classes(head, found.decision),
        "baseline_class": keys[before.predicted],
        "predicted_class": keys[found.decision.predicted],
        "changed": found.decision.predicted != before.predicted,
        "groups": _groups(head, predicted, found),
    }


def head_of(model_version_id: str, model: EditableModel) -> ModelHead:
    """A model's linear head with what validation said of its scores."""
    head, statistics = model.head, model.head.statistics
    concept_set = head.concept_set
    typical = statistics.option_means or [None] * len(concept_set.option_ids)
    return ModelHead(
        model_version_id=model_version_id,
        supports_regions=model.regions is not None,
        validation_images=statistics.images,
        classes=[ClassRead(key=each.key, name=each.name) for each in concept_set.classes],
        groups=[
            HeadGroup(
                key=group.key,
                name=group.name,
                localizable=group.localizable,
                options=[
                    HeadOption(id=identifier, text=option.text)
                    for identifier, option in zip(concept_set.option_ids[columns], group.options, strict=True)
                ],
            )
            for group, columns in zip(concept_set.groups, concept_set.group_slices, strict=True)
        ],
        weight=head.weight.tolist(),
        bias=head.bias.tolist(),
        means=statistics.means,
        class_means=dict(zip(concept_set.class_keys, statistics.class_means, strict=True)),
        option_means=dict(zip(concept_set.option_ids, typical, strict=True)),
        ranges=statistics.ranges,
    )


def _classes(head: DecisionHead, decision: Decision) -> list[dict[str, Any]]:
    return [
        {
            "class_key": label.key,
            "class_name": label.name,
            "logit": float(decision.logits[index]),
            "probability": float(decision.probabilities[index]),
        }
        for index, label in enumerate(head.concept_set.classes)
    ]


def _groups(head: DecisionHead, predicted: Predicted, found: Recomputed) -> list[dict[str, Any]]:
    concept_set, pushes = head.concept_set, head.contributions(found.scores)
    groups = []
    for index, (group, columns) in enumerate(zip(concept_set.groups, concept_set.group_slices, strict=True)):
        options = [
            {
                "id": concept_set.option_ids[column],
                "text": option.text,
                "before": float(predicted.scores[column]),
                "after_region": float(found.after_regions[column]),
                "after": float(found.scores[column]),
                "contributions": dict(zip(concept_set.class_keys, pushes[column].tolist(), strict=True)),
            }
            for option, column in zip(group.options, range(columns.start, columns.stop), strict=True)
        ]
        attention = found.attention.get(index)
        told = {"key": group.key, "name": group.name, "region": attention is not None, "attention": attention}
        groups.append(told | {"options": options})
    return groups
