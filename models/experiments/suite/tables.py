"""The paper's tables 3, 4, 5 and 10 and the numbers of figure 3, from the measured variants."""

from __future__ import annotations

from collections.abc import Mapping

from models.experiments.findings import Column, Table, Value
from models.experiments.suite.measures import Measured
from models.experiments.suite.settings import FULL, TABLES, TableName

TITLES: dict[TableName, str] = {
    "ablation": "Ablation (table 3): IVQ and Magnet",
    "quantization": "Explicit against implicit quantization (table 4)",
    "regularizers": "Other regularizers (table 5)",
    "beta": "Commitment weight beta (table 10)",
    "codebook-size": "Size of the codebook (figure 3)",
}
WORDS = {
    FULL: "IVQ-CBM (full)",
    "no-ivq": "without IVQ",
    "no-magnet": "without Magnet",
    "neither": "without both",
    "explicit": "explicit quantization",
    "barlow-twins": "Barlow Twins",
    "spectral": "spectral regularization",
    "gram": "Gram loss",
    "beta-0.1": "beta 0.1",
    "beta-0.5": "beta 0.5",
    "beta-1": "beta 1",
    "codes-1": "M = 1",
    "codes-5K": "M = 5 K",
    "codes-10K": "M = 10 K",
    "codes-20K": "M = 20 K",
}
_IN_TABLE = {("beta", FULL): "beta 0.25", ("codebook-size", FULL): "M = K"}

_EXTRA = ("seed", "pointing_gradcam", "pointing_magnet", "codes_used", "minutes")
_COLUMNS = (
    Column("variant", "Variant"),
    Column("seeds", "Seeds", "d"),
    Column("acc", "ACC %"),
    Column("bmac", "BMAC %"),
    Column("concept_bmac", "Concept BMAC %"),
    Column("difference", "BMAC to full (95 %)"),
    Column("by_seed", "by seed"),
    Column("concept_difference", "Concept BMAC to full (95 %)"),
    Column("rank", "Rank, validation"),
    Column("verdict", "Held apart?"),
)


def table(name: TableName, measured: Mapping[str, Measured]) -> Table:
    """One of the paper's tables."""
    return Table(name, TITLES[name], _COLUMNS, [_row(name, measured[variant]) for variant in TABLES[name]])


def variants_table(measured: Mapping[str, Measured], extra: list[str]) -> Table:
    """Variants of the settings that are in none of the paper's tables."""
    rows = [_row(None, measured[variant]) for variant in (FULL, *extra)]
    return Table("variants", "Further variants", _COLUMNS, rows)


def runs_table(measured: Mapping[str, Measured]) -> Table:
    """Every single training."""
    columns = (
        Column("variant", "Variant"),
        Column("seed", "Seed", "d"),
        Column("accuracy", "ACC", ".4f"),
        Column("bmac", "BMAC", ".4f"),
        Column("concept_bmac", "Concept BMAC", ".4f"),
        Column("auroc", "AUROC", ".4f"),
        Column("ece", "ECE", ".4f"),
        Column("pointing_gradcam", "Pointing, Grad-CAM", ".3f"),
        Column("pointing_magnet", "Pointing, Magnet", ".3f"),
        Column("codes_used", "Codes used", "d"),
        Column("minutes", "Minutes", ".1f"),
    )
    rows: list[dict[str, Value]] = []
    for one in measured.values():
        for place, extra in enumerate(one.extra):
            own = {name: values[place] for name, values in one.runs.items()}
            rows.append({"variant": one.variant, **own, **{key: extra[key] for key in _EXTRA}})
    return Table("runs", "All trainings", columns, rows, shown=False)


def verdict(one: Measured) -> str:
    """Whether the full model is better in BMAC, worse, or not told apart on these images."""
    if "bmac" not in one.difference:
        return "–"
    found = one.difference["bmac"]
    if found.low is None or found.high is None:
        return "no interval"
    return "yes, worse" if found.high < 0 else "yes, better" if found.low > 0 else "no"


def _row(name: TableName | None, one: Measured) -> dict[str, Value]:
    apart, concepts, by_seed = one.difference.get("bmac"), one.difference.get("concept_bmac"), one.by_seed.get("bmac")
    ranks = [extra["rank_validation"][-1] for extra in one.extra if extra["rank_validation"]]
    known = [rank for rank in ranks if rank is not None]
    return {
        "variant": _IN_TABLE.get((name or "", one.variant), WORDS.get(one.variant, one.variant)),
        "seeds": len(one.extra),
        "acc": one.spread["accuracy"].text(),
        "bmac": one.spread["bmac"].text(),
        "concept_bmac": one.spread["concept_bmac"].text(),
        "difference": "–" if apart is None else apart.text("+.3f"),
        "by_seed": "–" if by_seed is None else by_seed.text(1, 3),
        "concept_difference": "–" if concepts is None else concepts.text("+.3f"),
        "rank": f"{sum(known) / len(known):.1f}" if known else "–",
        "verdict": verdict(one),
    }
