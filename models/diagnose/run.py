"""A diagnosis from a model and images to the typed result.

Shapes: N images, O options, C classes, M codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from models.cbm.network import IVQCBM
from models.checkpoint import Checkpoint, load_network
from models.diagnose.codes import assigned_patches, diagnose_codes, diagnose_groups
from models.diagnose.collect import DiagnosisCancelled, Progress, collect
from models.diagnose.embedding import embed
from models.diagnose.flags import raise_flags, score_correlations
from models.diagnose.images import DiagnosedImages
from models.diagnose.options import OptionEvidence, diagnose_options, margins
from models.diagnose.presence import present_options
from models.diagnose.results import CodeDiagnosis, Diagnosis, Embedding, OptionDiagnosis
from models.diagnose.settings import DiagnoseSettings
from models.train.data import InputShape


def input_shape(checkpoint: Checkpoint, network: IVQCBM) -> InputShape:
    """What images for a diagnosis must look like."""
    return InputShape(network.image_size, checkpoint.config.resize_mode, checkpoint.config.grid[0])  # type: ignore[arg-type]


def diagnose(
    checkpoint: Checkpoint,
    images: DiagnosedImages,
    settings: DiagnoseSettings | None = None,
    *,
    network: IVQCBM | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Diagnosis:
    """What a model shows about each of its concepts over images.

    Args:
        checkpoint: the model.
        images: of ``read_diagnosed``, as its encoder takes them.
        settings: thresholds and samples.
        network: the checkpoint's, where it is loaded already.
        progress: called with (done, all) images.
        cancelled: asked before every batch, and before the embeddings, whether to stop.

    Returns:
        Codes, groups and options with their evidence, and the flags.

    Raises:
        CheckpointError: if the weights cannot be read.
        DiagnosisCancelled: if ``cancelled`` said so.
        ValueError: if there are no images, or images of another shape.
    """
    settings = settings or DiagnoseSettings()
    network = network or load_network(checkpoint)
    concept_set, bottleneck = checkpoint.concept_set, network.bottleneck
    found = collect(network, images, concept_set, checkpoint.config.preprocessing, settings, progress, cancelled)
    present = present_options(found.scores, concept_set)
    codes, owner = diagnose_codes(found, concept_set, settings)
    by_group, by_option = assigned_patches(found.code_counts, owner, present, concept_set)
    head = bottleneck.head.weight.detach().double().cpu().numpy()
    evidence = OptionEvidence(margins(found.scores, concept_set), present, by_option, head)
    options = diagnose_options(found, images, concept_set, evidence, settings)
    text = bottleneck.scorer.text_embeddings.detach().double().cpu().numpy()
    if cancelled is not None and cancelled():  # UMAP takes seconds and cannot be asked to stop
        raise DiagnosisCancelled
    embeddings = embed(found.sample, bottleneck.ivq.codebook.detach().cpu().numpy(), settings)
    return Diagnosis(
        model=checkpoint.name,
        weights=checkpoint.weights_digest(),
        concept_set=concept_set.digest(),
        dataset=images.dataset,
        synthetic=images.synthetic,
        split=images.split,
        images=len(images.data),
        grid=(found.side, found.side),
        settings=settings,
        flags=raise_flags(options, concept_set, score_correlations(found.scores), text @ text.T, settings),
        codes=codes,
        groups=diagnose_groups(found, concept_set, owner, by_group),
        options=options,
        embeddings=embeddings,
        keys={row: images.keys[row] for row in np.unique(list(_rows(codes, options, embeddings[0]))).tolist()},
    )


def _rows(codes: list[CodeDiagnosis], options: list[OptionDiagnosis], embedding: Embedding) -> Iterator[int]:
    """Rows of all images that the result names."""
    for code in codes:
        yield from (patch.row for patch in code.nearest)
    for option in options:
        yield from (extreme.row for extreme in (*option.top, *option.bottom))
    yield from (point.row for point in embedding.tokens)
