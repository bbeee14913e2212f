"""The codebook-map experiment: settings, table and sentences."""

from __future__ import annotations

from functools import partial
from typing import Any

from pydantic import Field

from models.diagnose.embedding import embed
from models.diagnose.settings import DiagnoseSettings
from models.experiments.codebook_map.figures import codebook_map
from models.experiments.codebook_map.measures import CodebookMapResult, measure_codebook_map
from models.experiments.codebook_map.tokens import sample_tokens
from models.experiments.findings import Column, Drawing, Findings, Table, Value
from models.experiments.settings import AnalysisConfig
from models.experiments.spread import Spread
from models.experiments.subjects import Subject, subjects
from models.experiments.surroundings import Surroundings

_Found = list[tuple[Subject, CodebookMapResult]]
_CLEAR = 0.5  # Kaufman and Rousseeuw 1990: a reasonable structure from here on, a weak one from a quarter
_WEAK = 0.25


class CodebookMapConfig(AnalysisConfig):
    """How many tokens are placed.

    Attributes:
        tokens: about so many, evenly drawn from all images.
        umap: whether they are placed by UMAP too.
    """

    tokens: int = Field(default=2000, ge=100, le=10_000)
    umap: bool = True


def run(settings: CodebookMapConfig, around: Surroundings) -> Findings:
    """Places tokens and codes of every model.

    Raises:
        CheckpointError, DataError, ExperimentError, ExperimentCancelled: see ``subjects``.
    """
    found: _Found = []
    drawings, models = [], []
    options = DiagnoseSettings(embedded_tokens=settings.tokens, umap=settings.umap, seed=settings.seed)
    for number, subject in enumerate(subjects(settings, around)):
        tokens = sample_tokens(subject, settings.tokens, settings.seed, around)
        around.check()
        around.tell("Embedding", 0, 1)
        embeddings = embed(tokens.sample, tokens.codebook, options)
        result = measure_codebook_map(tokens, embeddings, resamples=settings.resamples, seed=settings.seed)
        around.tell("Embedding", 1, 1)
        found.append((subject, result))
        models.append(
            subject.about()
            | result.to_json()
            | {"embeddings": [one.model_dump(mode="json") for one in embeddings]}
            | {"keys": {int(row): subject.images.keys[row] for row in sorted(set(tokens.sample.rows.tolist()))}}
        )
        title = f"{subject.checkpoint.name}: {result.tokens} tokens of {result.images} images"
        suffix = "" if number == 0 else f"-{number + 1}"
        drawings.append(Drawing(f"codebook-map{suffix}", partial(codebook_map, embeddings, _names(subject), title)))
    first = found[0][0].images
    document: dict[str, Any] = {
        "test": {"dataset": first.dataset, "split": settings.split, "images": len(first)},
        "models": models,
        "spread": {"silhouette": Spread.of([result.silhouette.value for _, result in found]).to_json()},
    }
    sentences = [sentence for subject, result in found for sentence in _sentences(subject, result)]
    return Findings(document, [_table(found)], drawings, sentences)


def _names(subject: Subject) -> list[str]:
    """Each code with the group that it was found to go with on the validation images."""
    return [
        f"code {index}" + ("" if code.group_key is None else f": {code.group_key}")
        for index, code in enumerate(subject.checkpoint.statistics.codes)
    ]


def _table(found: _Found) -> Table:
    columns = (
        Column("model", "Model"),
        Column("tokens", "Tokens", "d"),
        Column("images", "Images", "d"),
        Column("codes", "Codes", "d"),
        Column("used", "used", "d"),
        Column("silhouette", "Silhouette (95 %)"),
        Column("chance", "random codes", ".3f"),
        Column("kmeans", "k-means", ".3f"),
        Column("umap", "in UMAP", ".3f"),
        Column("umap_chance", "random in UMAP", ".3f"),
        Column("separation", "Code gap / spread", ".2f"),
        Column("cosine", "Largest cosine", "+.2f"),
        Column("rank", "Rank of codes", "d"),
    )
    rows: list[dict[str, Value]] = [
        {
            "model": subject.checkpoint.name,
            "tokens": result.tokens,
            "images": result.images,
            "codes": result.codes,
            "used": result.used,
            "silhouette": result.silhouette.text(),
            "chance": None if result.silhouette_chance is None else result.silhouette_chance[1],
            "kmeans": result.silhouette_kmeans,
            "umap": result.silhouette_umap,
            "umap_chance": result.silhouette_umap_chance,
            "separation": result.separation,
            "cosine": result.cosine,
            "rank": result.rank,
        }
        for subject, result in found
    ]
    return Table("codebook-map", "Separation of the codes (figure 9)", columns, rows)


def _sentences(subject: Subject, result: CodebookMapResult) -> list[str]:
    name, own = subject.checkpoint.name, result.silhouette
    if own.value is None or result.silhouette_chance is None:
        return [f"{name}: one code has all tokens; there is nothing to keep apart."]
    low, middle, high = result.silhouette_chance
    lies = "above" if own.value > high else "below" if own.value < low else "within"
    strength = "clear" if own.value >= _CLEAR else "weak" if own.value >= _WEAK else "no"
    found = [
        f"{name}: silhouette of {result.tokens} tokens of {result.images} images by their nearest of {result.codes} "
        f"codes {own.text()}, {lies} what random codes give ({middle:.3f}, {low:.3f} to {high:.3f})"
        + ("" if result.silhouette_kmeans is None else f"; k-means reaches {result.silhouette_kmeans:.3f}")
        + f". By the usual reading that is {strength} structure (clear from 0.5, none below 0.25).",
    ]
    if result.silhouette_umap is not None and result.silhouette_umap_chance is not None:
        more = result.silhouette_umap > result.silhouette_umap_chance
        found.append(
            f"In the UMAP picture the same groups reach {result.silhouette_umap:.3f}, groups about random codes "
            f"{result.silhouette_umap_chance:.3f} (median): it shows {'more' if more else 'no more'} than chance would."
        )
    if result.separation is not None:
        found.append(
            f"The two nearest codes are {result.separation:.2f} times as far apart as tokens are from their code (root "
            f"mean square); the codes span {result.rank} of {result.codes - 1} possible dimensions about their mean."
        )
    return found
