"""One model's prototype-assignment statistics, with intervals over images.

Counts, owners and flags are those of ``models.diagnose``; here they get intervals and corrected p-values, and K.3's
premise is put to the test: that a concept with few patches is one that the images do not show.

Shapes: N images, L patches, M codes, K groups, O options, R rows of weights.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import rankdata

from models.diagnose.codes import assigned_patches, diagnose_codes
from models.diagnose.collect import Answers, add_answers, nothing_yet
from models.diagnose.collected import Collected
from models.diagnose.flags import dormant
from models.diagnose.images import DiagnosedImages
from models.diagnose.options import OptionEvidence, diagnose_options, margins
from models.diagnose.presence import present_options
from models.diagnose.results import CodeDiagnosis, OptionDiagnosis
from models.diagnose.settings import DiagnoseSettings
from models.experiments.prototypes.results import CodeFound, CodeGroup, ConceptFound, PrototypesResult, Rank
from models.experiments.spread import Array, Estimate, estimates
from models.experiments.subjects import Subject

_BATCH = 64
_FEWEST = 5  # options that a correlation must rest on
_SHUFFLES = 9999
_Counts = NDArray[np.int64]


def measure_prototypes(subject: Subject, *, permutations: int, resamples: int, seed: int) -> PrototypesResult:
    """Codes, groups and options of a model.

    Args:
        subject: the model over the images.
        permutations: of images, for the p-values of associations.
        resamples: of the bootstrap over images.
        seed: of both.
    """
    concept_set, images = subject.checkpoint.concept_set, subject.images
    settings = DiagnoseSettings(
        permutations=permutations, permuted_images=max(2, len(images)), seed=seed, umap=False, embedded_tokens=4
    )
    diagnosed = DiagnosedImages(images.dataset, images.synthetic, "all", images.keys, images.data, images.per_image)
    found = collected(subject, diagnosed, settings)
    codes, owner = diagnose_codes(found, concept_set, settings)
    present = present_options(found.scores, concept_set)
    _, by_option = assigned_patches(found.code_counts, owner, present, concept_set)
    head = subject.network.bottleneck.head.weight.detach().double().cpu().numpy()
    evidence = OptionEvidence(margins(found.scores, concept_set), present, by_option, head)
    options = diagnose_options(found, diagnosed, concept_set, evidence, settings)
    bootstrap = (images.clusters, resamples, seed)
    by_group = np.stack([found.code_counts[:, owner == group].sum(1) for group in range(concept_set.group_count)], 1)
    concepts = by_group[:, list(concept_set.group_of_option)] * present
    judged = _options(options, concepts, found, settings, bootstrap)
    return PrototypesResult(
        len(images),
        int(found.code_counts.sum()),
        _codes(codes, subject, found, settings, bootstrap),
        _groups(concept_set.group_keys, by_group, owner, found, bootstrap),
        judged,
        _perplexity(found.code_counts, bootstrap),
        rank([(one.assigned, one.auroc.value) for one in judged if one.auroc is not None], seed),
        rank([(one.assigned, float(one.present)) for one in judged], seed),
        None if found.masks is None else images.data.masks is not None,
    )


def collected(subject: Subject, images: DiagnosedImages, settings: DiagnoseSettings) -> Collected:
    """What a diagnosis keeps of a pass, from the pass of the experiment."""
    passed, concept_set = subject.found, subject.checkpoint.concept_set
    found = nothing_yet(subject.checkpoint.config.codes, images, concept_set, passed.index_map.shape[1], settings)
    for begin in range(0, len(images.data), _BATCH):
        rows = slice(begin, min(begin + _BATCH, len(images.data)))
        answers = Answers(
            passed.scores[rows],
            passed.index_map[rows],
            passed.assignment[rows].astype(np.float64),
            torch.from_numpy(passed.gradcam[rows]),
        )
        add_answers(found, images, concept_set, answers, rows)
    return found


def phi_of(weights: Array, both: Array, code: Array, region: Array, patches: int) -> Array:
    """(R, M K) phi coefficients for weights (R, N) of images.

    Args:
        weights: how often each image counts.
        both: (N, M, K) patches with the code in the region.
        code: (N, M) patches with the code.
        region: (N, K) patches in the region.
        patches: L.
    """
    total = weights.sum(1)[:, None, None] * patches
    joint = (weights @ both.reshape(len(both), -1)).reshape(-1, *both.shape[1:]) / total
    own, other = (weights @ code)[:, :, None] / total, (weights @ region)[:, None, :] / total
    spread = np.sqrt(own * (1 - own) * other * (1 - other))
    phi = np.divide(joint - own * other, spread, out=np.zeros_like(joint), where=spread > 0)
    result: Array = phi.reshape(len(weights), -1)
    return result


def holm(values: Array) -> Array:
    """p-values, of any shape, corrected for their number (Holm 1979)."""
    flat = values.reshape(-1)
    order = np.argsort(flat, kind="stable")
    raised = np.maximum.accumulate(flat[order] * np.arange(len(flat), 0, -1))
    found = np.empty(len(flat))
    found[order] = np.minimum(raised, 1.0)
    return found.reshape(values.shape)


def rank(pairs: list[tuple[float, float | None]], seed: int) -> Rank | None:
    """Spearman's correlation of pairs with a permutation test; None of fewer than five or without differences."""
    known = np.array([(first, second) for first, second in pairs if second is not None], np.float64)
    if len(known) < _FEWEST:
        return None
    first, second = (_centred_ranks(column) for column in known.T)
    norm = np.linalg.norm(first) * np.linalg.norm(second)
    if norm == 0:
        return None
    rho = float(first @ second / norm)
    stream = np.random.default_rng(seed)
    drawn = np.array([stream.permutation(first) @ second / norm for _ in range(_SHUFFLES)])
    return Rank(rho, (1 + int(np.sum(np.abs(drawn) >= abs(rho) - 1e-12))) / (1 + _SHUFFLES), len(known))


def _centred_ranks(values: Array) -> Array:
    ranks = rankdata(values)
    centred: Array = ranks - ranks.mean()
    return centred


def _codes(
    codes: list[CodeDiagnosis],
    subject: Subject,
    found: Collected,
    settings: DiagnoseSettings,
    bootstrap: tuple[_Counts, int, int],
) -> tuple[CodeFound, ...]:
    count, images = len(codes), len(subject.images)
    shares = estimates(
        lambda weights: _shares(weights @ found.code_counts), bootstrap[0], [images] * count, *bootstrap[1:]
    )
    phi = _phi(subject, found, bootstrap)
    corrected = holm(np.array([[one.p for one in code.associations] for code in codes]))
    masked = iter(_masked(codes, subject.images.data.masks is not None).tolist())
    result = []
    for code, share in zip(codes, shares, strict=True):
        associations = tuple(
            CodeGroup(
                one.group,
                phi[code.index][place],
                one.p,
                float(corrected[code.index, place]),
                one.mask_phi,
                one.mask_p,
                None if one.mask_p is None else next(masked),
            )
            for place, one in enumerate(code.associations)
        )
        ratio = code.share * count
        result.append(
            CodeFound(
                code.index,
                code.patches,
                share,
                ratio,
                code.images,
                ratio < settings.assignment_floor,
                code.group,
                associations,
            )
        )
    return tuple(result)


def _masked(codes: list[CodeDiagnosis], own: bool) -> Array:
    """Corrected p-values of all pairs of code and mask, in a row; a mask that stands for all groups counts once."""
    pairs = np.array([[one.mask_p for one in code.associations if one.mask_p is not None] for code in codes])
    if pairs.size == 0:
        return np.empty(0)
    return (holm(pairs) if own else np.repeat(holm(pairs[:, :1]), pairs.shape[1], 1)).reshape(-1)


def _phi(subject: Subject, found: Collected, bootstrap: tuple[_Counts, int, int]) -> list[list[Estimate]]:
    """(M, K) associations of codes and the regions where the Magnet gives a group more than its even share."""
    groups, codes = subject.found.assignment.shape[2], found.code_counts.shape[1]
    regions = subject.found.assignment.astype(np.float64) > 1.0 / groups
    both = np.stack(
        [
            [np.bincount(index[region[:, group]], minlength=codes) for group in range(groups)]
            for index, region in zip(subject.found.index_map, regions, strict=True)
        ]
    ).transpose(0, 2, 1)
    counts = (both.astype(np.float64), found.code_counts.astype(np.float64), regions.sum(1).astype(np.float64))
    flat = estimates(
        lambda weights: phi_of(weights, *counts, regions.shape[1]),
        bootstrap[0],
        [len(both)] * (codes * groups),
        *bootstrap[1:],
    )
    return [flat[code * groups : (code + 1) * groups] for code in range(codes)]


def _groups(
    keys: tuple[str, ...],
    by_group: _Counts,
    owner: _Counts,
    found: Collected,
    bootstrap: tuple[_Counts, int, int],
) -> tuple[ConceptFound, ...]:
    ratios = _ratios(by_group, found, bootstrap)
    return tuple(
        ConceptFound(
            key,
            int(by_group[:, place].sum()),
            ratio,
            len(by_group),
            None,
            0,
            None if (owner == place).any() else "no code is counted to it",
        )
        for place, (key, ratio) in enumerate(zip(keys, ratios, strict=True))
    )


def _options(
    options: list[OptionDiagnosis],
    assigned: _Counts,
    found: Collected,
    settings: DiagnoseSettings,
    bootstrap: tuple[_Counts, int, int],
) -> tuple[ConceptFound, ...]:
    usual = float(np.median([option.margin_deviation for option in options]))
    result = []
    for option, ratio in zip(options, _ratios(assigned, found, bootstrap), strict=True):
        own = next((one for one in option.readability if one.source == "image"), None)
        enough = own is not None and min(own.present, own.absent) >= settings.least_labels
        auroc = Estimate(own.auroc, own.low, own.high, own.present + own.absent) if own is not None and enough else None
        flag = next(dormant(option, usual, settings), None)
        labelled = 0 if own is None else own.present
        reason = None if flag is None else flag.reason
        result.append(ConceptFound(option.id, option.assigned, ratio, option.present, auroc, labelled, reason))
    return tuple(result)


def _ratios(assigned: _Counts, found: Collected, bootstrap: tuple[_Counts, int, int]) -> list[Estimate]:
    """Patches (N, V) assigned to V concepts, over an even assignment; the owners of the codes are taken as they are."""
    patches, concepts = int(found.code_counts[0].sum()), assigned.shape[1]
    return estimates(
        lambda weights: (weights @ assigned) * concepts / (weights.sum(1, keepdims=True) * patches),
        bootstrap[0],
        [len(assigned)] * concepts,
        *bootstrap[1:],
    )


def _perplexity(counts: _Counts, bootstrap: tuple[_Counts, int, int]) -> Estimate:
    def evaluate(weights: Array) -> Array:
        shares = _shares(weights @ counts)
        entropy = -(shares * np.log(np.maximum(shares, 1e-300))).sum(1, keepdims=True)
        result: Array = np.exp(entropy)
        return result

    return estimates(evaluate, bootstrap[0], [len(counts)], *bootstrap[1:])[0]


def _shares(counts: Array) -> Array:
    result: Array = counts / counts.sum(1, keepdims=True)
    return result
