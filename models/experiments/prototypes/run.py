"""The prototypes experiment: settings, tables and sentences."""

from __future__ import annotations

from functools import partial
from typing import Any

from pydantic import Field

from models.diagnose.settings import DiagnoseSettings
from models.experiments.findings import Column, Drawing, Findings, Table, Value
from models.experiments.prototypes import figures
from models.experiments.prototypes.measures import measure_prototypes
from models.experiments.prototypes.results import SURE, PrototypesResult
from models.experiments.settings import AnalysisConfig
from models.experiments.spread import Spread
from models.experiments.subjects import Subject, subjects
from models.experiments.surroundings import Surroundings

_FLOOR = DiagnoseSettings().assignment_floor
_READ = 0.8
_Found = list[tuple[Subject, PrototypesResult]]


class PrototypesConfig(AnalysisConfig):
    """How the associations are tested.

    Attributes:
        permutations: of images; the smallest p-value is one over so many and one.
    """

    permutations: int = Field(default=1999, ge=199)


def run(settings: PrototypesConfig, around: Surroundings) -> Findings:
    """Measures the codes and concepts of every model.

    Raises:
        CheckpointError, DataError, ExperimentError, ExperimentCancelled: see ``subjects``.
    """
    found: _Found = []
    for subject in subjects(settings, around):
        around.check()
        around.tell("Permuting", 0, 1)
        result = measure_prototypes(
            subject, permutations=settings.permutations, resamples=settings.resamples, seed=settings.seed
        )
        around.tell("Permuting", 1, 1)
        found.append((subject, result))
    document: dict[str, Any] = {
        "test": {"dataset": found[0][0].images.dataset, "split": settings.split},
        "models": [subject.about() | result.to_json() for subject, result in found],
        "spread": {
            "perplexity": Spread.of([result.perplexity.value for _, result in found]).to_json(),
            "dormant_codes": Spread.of([float(len(result.dormant_codes)) for _, result in found]).to_json(),
            "dormant_options": Spread.of([float(len(result.dormant_options)) for _, result in found]).to_json(),
        },
    }
    drawings = []
    for number, (subject, result) in enumerate(found):
        suffix = "" if number == 0 else f"-{number + 1}"
        title = f"{subject.checkpoint.name} on {subject.images.dataset}"
        drawings.append(Drawing(f"prototypes{suffix}", partial(figures.codes, result, title)))
        if any(one.auroc is not None for one in result.options):
            title = subject.checkpoint.name
            drawings.append(Drawing(f"prototypes-options{suffix}", partial(figures.options, result, title)))
    sentences = [sentence for subject, result in found for sentence in _sentences(subject, result)]
    return Findings(document, [_codes_table(found), _concepts_table(found)], drawings, sentences)


def _codes_table(found: _Found) -> Table:
    columns = (
        Column("model", "Model"),
        Column("code", "Code", "d"),
        Column("patches", "Patches", "d"),
        Column("share", "Share (95 %)"),
        Column("ratio", "of even", ".2f"),
        Column("images", "Images", "d"),
        Column("group", "Counted to"),
        Column("best", "Best group"),
        Column("phi", "phi (95 %)"),
        Column("p", "p", ".4f"),
        Column("p_holm", "p, Holm", ".4f"),
        Column("mask_group", "Best mask"),
        Column("mask_phi", "phi", "+.2f"),
        Column("mask_p_holm", "p, Holm", ".4f"),
    )
    rows: list[dict[str, Value]] = []
    for subject, result in found:
        for code in result.codes:
            best = code.best
            masked = [(one.mask_phi, one) for one in code.associations if one.mask_phi is not None]
            mask = max(masked, key=lambda pair: pair[0])[1] if masked else None
            rows.append(
                {
                    "model": subject.checkpoint.name,
                    "code": code.index,
                    "patches": code.patches,
                    "share": code.share.text(".1%"),
                    "ratio": code.ratio,
                    "images": code.images,
                    "group": "dormant" if code.dormant else code.group or "–",
                    "best": best.group,
                    "phi": best.phi.text("+.2f"),
                    "p": best.p,
                    "p_holm": best.p_holm,
                    "mask_group": "–" if mask is None else mask.group if result.own_masks else "lesion",
                    "mask_phi": None if mask is None else mask.mask_phi,
                    "mask_p_holm": None if mask is None else mask.mask_p_holm,
                }
            )
    return Table("prototypes", "Codes: patches, and the group each goes with", columns, rows)


def _concepts_table(found: _Found) -> Table:
    columns = (
        Column("model", "Model"),
        Column("concept", "Concept"),
        Column("assigned", "Patches", "d"),
        Column("ratio", "of even (95 %)"),
        Column("present", "Found in", "d"),
        Column("auroc", "AUROC, own labels (95 %)"),
        Column("dormant", "Dormant"),
    )
    rows: list[dict[str, Value]] = [
        {
            "model": subject.checkpoint.name,
            "concept": one.id,
            "assigned": one.assigned,
            "ratio": one.ratio.text(".2f"),
            "present": one.present,
            "auroc": "–" if one.auroc is None else one.auroc.text(".2f"),
            "dormant": "–" if one.dormant is None else one.dormant if one in result.groups else "yes",
        }
        for subject, result in found
        for one in (*result.groups, *result.options)
    ]
    return Table("prototypes-concepts", "Groups and options: patches of their codes (K.3)", columns, rows)


def _sentences(subject: Subject, result: PrototypesResult) -> list[str]:
    name, codes = subject.checkpoint.name, len(result.codes)
    sleeping = ", ".join(map(str, result.dormant_codes)) or "none"
    used = result.perplexity.text(".1f")
    found = [
        f"{name}, {result.images} images, {result.patches} patches: as good as {used} of {codes} codes are in use.",
        f"Dormant codes, below a tenth of an even share: {sleeping}.",
    ]
    owned = [one for one in result.codes if one.group is not None]
    sure = [one for one in owned if one.best.p_holm < SURE]
    none = [one.id for one in result.groups if one.dormant]
    found.append(
        f"{len(owned)} codes are counted to a group (phi 0.3 or more), {len(sure)} of them beyond chance (p < {SURE:g} "
        f"after Holm); groups without a code: {', '.join(none) or 'none'}. "
        + (
            "The paper's one-to-one mapping of codes and concepts holds here."
            if not none and len({one.group for one in owned}) == len(owned) == codes
            else "The paper's one-to-one mapping of codes and concepts does not hold here."
        )
    )
    found.append(_masks(result))
    flagged = result.dormant_options
    few = [one.id for one in result.options if one.ratio.value is not None and one.ratio.value < _FLOOR]
    found.append(
        f"By patches alone, as K.3 counts, {len(few)} of {len(result.options)} options would be dormant (below a tenth "
        f"of an even assignment); by labels or, without them, by scores too: {', '.join(flagged) or 'none'}."
    )
    return [*found, *_premise(result)]


def _masks(result: PrototypesResult) -> str:
    if result.own_masks is None:
        return "There are no masks: whether codes lie on what they are named after cannot be measured."
    what = "its group's mask" if result.own_masks else "the lesion's mask (there are none of single concepts)"
    held = [
        str(code.index)
        for code in result.codes
        for one in code.associations
        if one.group == code.group and one.mask_p_holm is not None and one.mask_p_holm < SURE
    ]
    told = [
        code
        for code in result.codes
        if any(one.group == code.group and one.mask_p_holm is not None for one in code.associations)
    ]
    return (
        f"Of {len(told)} codes counted to a group with a place, {len(held)} lie in {what} more often than chance "
        f"({', '.join(held) or 'none'}; p < {SURE:g} after Holm)."
    )


def _premise(result: PrototypesResult) -> list[str]:
    """Whether few patches mean a concept that cannot be seen."""
    if result.visibility is None:
        told = (
            "Whether few patches mean a concept that images do not show (K.3) cannot be tested: fewer than five "
            "options have labels of single images, 20 with and 20 without."
        )
        return [told]
    one = result.visibility
    agree = "agree" if one.p < SURE and one.rho > 0 else "are not seen to agree"
    few = [one.auroc for one in result.options if one.auroc is not None and (one.ratio.value or 0.0) < _FLOOR]
    read = [area for area in few if area.low is not None and area.low >= _READ]
    found = [
        "K.3 takes few patches for a concept that images do not show.",
        (
            f"Of {len(few)} options with labels and below a tenth of an even assignment, {len(read)} are read from the "
            f"images all the same (AUROC {_READ:g} or more, lower end)."
        ),
        (
            f"Over {one.n} options the ranks of patches and AUROC {agree} (Spearman {one.rho:+.2f}, p = {one.p:.3f}, "
            "taking options of one group for independent, which they are not)."
        ),
    ]
    other = result.prevalence
    if other is not None and other.p < SURE:
        found.append(f"Patches also go with how often an option is found ({other.rho:+.2f}, p = {other.p:.3f}).")
    return found
