"""An explanation as the JSON that a prediction's row keeps: everything but the maps.

Shapes: K concept groups, O options, C classes.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from models.concepts import ConceptSet
from models.explanation import Explanation


def to_document(explanation: Explanation, concept_set: ConceptSet) -> dict[str, Any]:
    """Raises ValueError when the explanation does not belong to the concept set or holds no numbers."""
    if explanation.option_ids != concept_set.option_ids or explanation.class_keys != concept_set.class_keys:
        raise ValueError("the explanation's options or classes are not those of the concept set")
    return {
        "classes": _classes(explanation),
        "groups": _groups(explanation, concept_set),
        "grid": list(explanation.grid),
        "region": asdict(explanation.region),
        "index_map": explanation.index_map.tolist(),
        "codes": [asdict(code) for code in explanation.codes],
        "familiarity": asdict(explanation.familiarity),
        "timings_ms": dict(explanation.timings_ms),
    }


def _classes(explanation: Explanation) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "name": explanation.class_names[index],
            "logit": float(explanation.logits[index]),
            "probability": float(explanation.probabilities[index]),
            "bias": float(explanation.bias[index]),
        }
        for index, key in enumerate(explanation.class_keys)
    ]


def _groups(explanation: Explanation, concept_set: ConceptSet) -> list[dict[str, Any]]:
    groups = []
    for group, columns in zip(concept_set.groups, concept_set.group_slices, strict=True):
        options = [
            {
                "id": explanation.option_ids[column],
                "text": option.text,
                "score": float(explanation.scores[column]),
                "probability": float(explanation.option_probabilities[column]),
                "contributions": dict(
                    zip(explanation.class_keys, explanation.contributions[column].tolist(), strict=True)
                ),
            }
            for option, column in zip(group.options, range(columns.start, columns.stop), strict=True)
        ]
        groups.append({"key": group.key, "name": group.name, "localizable": group.localizable, "options": options})
    return groups
