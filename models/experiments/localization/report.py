"""What localization found, as tables and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models.experiments.findings import Column, Table, Value
from models.experiments.localization.measures import FIGURES, LocalizationResult, Localized
from models.experiments.localization.targets import MAPS, PRIORS
from models.experiments.spread import Estimate, Spread

WORDS = {
    "gradcam": "Grad-CAM",
    "magnet": "Magnet",
    "index": "index map",
    "centre": "centre prior",
    "even": "even map",
}
FIGURE_WORDS = {"pointing": "Pointing", "energy": "Energy inside", "iou": "Best IoU"}
_SAID = {"gradcam": "Grad-CAM map", "magnet": "Magnet map", "index": "index map"}
DEPTH_WORDS = {"head": "mean, random head", "network": "mean, all random"}


def spreads(found: Sequence[LocalizationResult]) -> dict[str, dict[str, dict[str, Any]]]:
    """Mean and sd over the models of the means over groups, by map and figure."""
    return {
        kind: {name: _spread(found, kind, name).to_json() for name in FIGURES}
        for kind in (*MAPS, *PRIORS)
        if any(kind in one.mean for one in found)
    }


def tables(names: Sequence[str], found: Sequence[LocalizationResult]) -> list[Table]:
    """Means, groups, sanity check, and every figure as numbers."""
    result = [_means(names, found), _groups(names, found)]
    if any(one.sanity for one in found):
        result.append(_sanity(names, found))
    return [*result, _numbers(names, found)]


def _spread(found: Sequence[LocalizationResult], kind: str, name: str) -> Spread:
    return Spread.of([getattr(one.mean[kind], name).value if kind in one.mean else None for one in found])


def _means(names: Sequence[str], found: Sequence[LocalizationResult]) -> Table:
    rows: list[dict[str, Value]] = []
    for model, one in zip(names, found, strict=True):
        for kind, own in one.mean.items():
            apart = one.over_centre.get(kind)
            rows.append({
                "model": model,
                "map": WORDS[kind],
                "groups": sum(kind in group.maps for group in one.groups),
                "images": own.pointing.n,
                **{name: getattr(own, name).text() for name in FIGURES},
                "over_centre": "–" if apart is None else apart.pointing.text("+.3f"),
                "iou_over_centre": "–" if apart is None else apart.iou.text("+.3f"),
            })  # fmt: skip
    if len(found) > 1:
        rows += [
            {
                "model": f"mean ± sd of {len(found)}",
                "map": WORDS[kind],
                "groups": None,
                "images": None,
                **{name: _spread(found, kind, name).text(1.0, 3) for name in FIGURES},
                "over_centre": "–",
                "iou_over_centre": "–",
            }
            for kind in (*MAPS, *PRIORS)
            if any(kind in one.mean for one in found)
        ]
    columns = (
        Column("model", "Model"),
        Column("map", "Map"),
        Column("groups", "Groups", "d"),
        Column("images", "Images", "d"),
        *(Column(name, FIGURE_WORDS[name]) for name in FIGURES),
        Column("over_centre", "Pointing over centre"),
        Column("iou_over_centre", "IoU over centre"),
    )
    return Table("localization", "Maps against masks, mean over groups (95 % over images)", columns, rows)


def _groups(names: Sequence[str], found: Sequence[LocalizationResult]) -> Table:
    rows: list[dict[str, Value]] = [
        {
            "model": model,
            "group": group.key,
            "mask": group.source or "none",
            "images": group.images,
            **{f"{kind}": _short(group.maps.get(kind)) for kind in (*MAPS, *PRIORS)},
        }
        for model, one in zip(names, found, strict=True)
        for group in one.groups
    ]
    columns = (
        Column("model", "Model"),
        Column("group", "Group"),
        Column("mask", "Mask"),
        Column("images", "Images", "d"),
        *(Column(kind, WORDS[kind]) for kind in (*MAPS, *PRIORS)),
    )
    return Table("localization-groups", "By group: pointing / energy inside / best IoU", columns, rows)


def _sanity(names: Sequence[str], found: Sequence[LocalizationResult]) -> Table:
    rows: list[dict[str, Value]] = [
        {
            "model": model,
            "map": WORDS[each.kind],
            "random": DEPTH_WORDS[each.depth].removeprefix("mean, "),
            "seeds": each.seeds,
            "images": each.found.pointing.n,
            "pointing": each.found.pointing.text(),
            "gained": each.gained.pointing.text("+.3f"),
            "iou_gained": each.gained.iou.text("+.3f"),
            "similarity": each.similarity.text("+.3f"),
        }
        for model, one in zip(names, found, strict=True)
        for each in one.sanity
    ]
    columns = (
        Column("model", "Model"),
        Column("map", "Map"),
        Column("random", "Weights"),
        Column("seeds", "Seeds", "d"),
        Column("images", "Images", "d"),
        Column("pointing", "Pointing"),
        Column("gained", "Trained − random"),
        Column("iou_gained", "IoU trained − random"),
        Column("similarity", "Rank correlation with the trained map"),
    )
    return Table("localization-sanity", "Sanity check: the same maps from random weights", columns, rows)


def _numbers(names: Sequence[str], found: Sequence[LocalizationResult]) -> Table:
    rows: list[dict[str, Value]] = []
    for model, one in zip(names, found, strict=True):
        for group, maps in [*((group.key, group.maps) for group in one.groups), ("mean", one.mean)]:
            rows += [
                {"model": model, "group": group, "map": kind, "figure": name} | getattr(own, name).to_json()
                for kind, own in maps.items()
                for name in FIGURES
            ]
    columns = [Column(name, name) for name in ("model", "group", "map", "figure")]
    columns += [Column(name, name, ".4f") for name in ("value", "low", "high")]
    return Table("localization-numbers", "Every figure", [*columns, Column("n", "n", "d")], rows, shown=False)


def sentences(names: Sequence[str], found: Sequence[LocalizationResult], images: Mapping[str, Any]) -> list[str]:
    """What it says in words."""
    if found[0].images == 0:
        return [
            f"{images['dataset']} has no masks in these {images['images']} images: where maps point is not measured."
        ]
    said = [f"{found[0].images} of {images['images']} images of {images['dataset']} have a mask."]
    for model, one in zip(names, found, strict=True):
        said += [_of_map(model, one, kind) for kind in MAPS]
        missing = [group.key for group in one.groups if group.source is None]
        if missing:
            said.append(f"{model}: no mask says where {', '.join(missing)} would be; not measured.")
        lent = [group.key for group in one.groups if group.source == "lesion"]
        if lent:
            said.append(
                f"{model}: {', '.join(lent)} have no masks of their own and are held against the whole lesion, which "
                "is not where all of them are seen."
            )
        said += [_of_sanity(model, each.kind, each.depth, each.gained.pointing, each.similarity) for each in one.sanity]
    return said


def _of_map(model: str, one: LocalizationResult, kind: str) -> str:
    if kind not in one.mean:
        return f"{model}: no code goes with a group that has masks, so the index map cannot be measured."
    apart, own = one.over_centre[kind].pointing, one.mean[kind].pointing
    groups = [group.key for group in one.groups if kind in group.maps]
    over = f" (over {', '.join(groups)} only)" if len(groups) < len([g for g in one.groups if g.maps]) else ""
    return (
        f"{model}: the {_SAID[kind]} points into the mask in {own.text('.3f')} of cases{over}, "
        f"{_verdict(apart)} always pointing to the centre ({apart.text('+.3f')})."
    )


def _of_sanity(model: str, kind: str, depth: str, gained: Estimate, similarity: Estimate) -> str:
    what = "with a random head" if depth == "head" else "with all weights random"
    return (
        f"{model}: against the {_SAID[kind]} {what}, the trained one's pointing is {gained.text('+.3f')} "
        f"({_verdict(gained, 'trained')}); rank correlation of the two {similarity.text('+.2f')}."
    )


def _verdict(apart: Estimate, kind: str = "baseline") -> str:
    if apart.low is None or apart.high is None:
        return "no interval against" if kind == "baseline" else "no interval"
    if kind == "trained":
        return "training tells" if apart.low > 0 else "it got worse" if apart.high < 0 else "not told apart"
    return "better than" if apart.low > 0 else "worse than" if apart.high < 0 else "not told apart from"


def _short(own: Localized | None) -> str:
    if own is None:
        return "–"
    values = (getattr(own, name).value for name in FIGURES)
    return " / ".join("–" if value is None else f"{value:.2f}" for value in values)
