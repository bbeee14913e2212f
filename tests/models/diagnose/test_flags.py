"""Each rule at its threshold, and the paper's example."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.concepts import load_concept_set
from models.diagnose.flags import dormant, not_localized, raise_flags, score_correlations
from models.diagnose.results import Distribution, Localization, OptionDiagnosis, Readability
from models.diagnose.settings import DiagnoseSettings

SETTINGS = DiagnoseSettings()


def _maps(**changes: Any) -> Localization:
    base = {"images": 50, "empty": 0, "peak": 8.0, "energy": 3.0, "concentration": 0.6, "shuffled": 0.2}
    return Localization(
        **(base | {"pointing": 0.9, "pointing_others": 0.6, "pointing_centre": 0.7, "masks": 50} | changes)
    )


def _option(**changes: Any) -> OptionDiagnosis:
    base: dict[str, Any] = {
        "id": "texture.rough",
        "scores": Distribution(images=1000, mean=0.0, deviation=1.0, quantiles=[0.0] * 7),
        "by_class": {},
        "margin_deviation": 1.0,
        "readability": [],
        "present": 300,
        "present_share": 0.3,
        "assigned": 20000,
        "assignment_ratio": 1.2,
        "weight_norm": 1.0,
        "contribution": 1.0,
        "contribution_spread": 1.0,
        "localization": _maps(),
        "top": [],
        "bottom": [],
    }
    return OptionDiagnosis(**(base | changes))


def _labels(source: str, area: float, present: int = 100) -> list[Readability]:
    return [Readability(source=source, auroc=area, low=0.0, high=1.0, auroc_score=area, present=present, absent=100)]


def test_the_papers_example() -> None:
    """Rough Texture: fewer than 50 patches where others have tens of thousands; no labels but those of its class."""
    rough = _option(assigned=49, assignment_ratio=49 / 20000, present=2, present_share=0.002)
    (flag,) = dormant(rough, 1.0, SETTINGS)
    assert (flag.kind, flag.sign) == ("dormant", "never_present")
    assert "49 patches" in flag.reason
    assert list(dormant(_option(), 1.0, SETTINGS)) == []  # Blue-whitish veil


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({"margin_deviation": 0.09}, "hardly_varies"),
        ({"margin_deviation": 0.11}, None),
        ({"present_share": 0.004}, "never_present"),
        ({"present_share": 0.006}, None),
        ({"readability": _labels("class", 0.59)}, "against_table"),
        ({"readability": _labels("class", 0.61)}, None),
        ({"readability": _labels("class", 0.59, present=19)}, None),
    ],
)
def test_few_patches_alone_are_not_enough(changes: dict[str, Any], sign: str | None) -> None:
    few = [flag.sign for flag in dormant(_option(assignment_ratio=0.09, **changes), 1.0, SETTINGS)]
    assert few == ([sign] if sign else [])
    assert list(dormant(_option(assignment_ratio=0.11, **changes), 1.0, SETTINGS)) == []


@pytest.mark.parametrize(("area", "present", "flagged"), [(0.59, 20, True), (0.61, 20, False), (0.5, 19, False)])
def test_labels_of_images_decide_whatever_the_patches(area: float, present: int, flagged: bool) -> None:
    found = list(dormant(_option(readability=_labels("image", area, present)), 1.0, SETTINGS))
    assert [flag.sign for flag in found] == (["unreadable"] if flagged else [])
    # A concept that labels confirm is not dormant for want of a code of its own.
    seen = _option(readability=_labels("image", 0.9), assignment_ratio=0.0, margin_deviation=0.01)
    assert list(dormant(seen, 1.0, SETTINGS)) == []


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({}, None),
        ({"concentration": 0.219}, "scattered"),
        ({"concentration": 0.221}, None),
        ({"concentration": 0.219, "images": 9}, None),
        ({"pointing": 0.61}, "elsewhere"),
        ({"pointing": 0.63}, None),
        ({"pointing": 0.61, "masks": 9}, None),
        ({"pointing": 0.96, "pointing_others": 0.95}, None),  # masks that hardly any map could miss
        ({"pointing": None, "pointing_others": None}, None),
    ],
)
def test_not_localized(changes: dict[str, Any], sign: str | None) -> None:
    found = list(not_localized(_option(localization=_maps(**changes)), SETTINGS))
    assert [flag.sign for flag in found] == ([sign] if sign else [])


def test_redundant_and_only_groups_with_a_place_are_asked_for_one() -> None:
    concept_set = load_concept_set("busi")
    ids, count = concept_set.option_ids, concept_set.option_count
    groups = concept_set.group_of_option
    other = groups.index(1)
    correlations, cosines = np.eye(count), np.eye(count)
    correlations[0, 1] = correlations[1, 0] = -0.99  # of one group: they exclude each other
    correlations[2, other] = correlations[other, 2] = -0.97
    cosines[3, 4] = cosines[4, 3] = 0.96
    scattered = _maps(concentration=0.2)
    options = [_option(id=name, localization=scattered) for name in ids]
    flags = raise_flags(options, concept_set, correlations, cosines, SETTINGS)
    redundant = [(flag.option, flag.other, flag.sign) for flag in flags if flag.kind == "redundant"]
    assert sorted(redundant) == sorted(
        [
            (ids[2], ids[other], "scores"),
            (ids[other], ids[2], "scores"),
            (ids[3], ids[4], "texts"),
            (ids[4], ids[3], "texts"),
        ]
    )
    local = {ids[index] for index, group in enumerate(groups) if concept_set.groups[group].localizable}
    assert {flag.option for flag in flags if flag.kind == "not_localized"} == local
    assert 0 < len(local) < count


def test_a_score_that_does_not_vary_correlates_with_nothing() -> None:
    scores = np.array([[1.0, 2.0, 5.0], [2.0, 4.0, 5.0], [3.0, 6.0, 5.0]], np.float32)
    found = score_correlations(scores)
    assert found[0, 1] == pytest.approx(1.0)
    assert not found[2].any()
