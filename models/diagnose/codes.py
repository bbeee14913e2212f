"""Codes and groups: which code goes with which group, by how much more than chance, and how many patches that makes.

The prototype-assignment statistic (appendix K.3): with n_m the patches whose nearest code is m, and C(k) the codes
whose largest phi is that with group k and reaches the floor,

    n_k = sum_{m in C(k)} n_m,            r_k = n_k / (N L / K)
    n_o = sum_{i: o present} sum_{m in C(k(o))} n_im,   r_o = n_o / (N L / O)

so a ratio of 1 is what patches dealt out evenly would give. The paper counts per concept but has as many codes as
groups; an option's count is therefore taken over the images where it is the present one.

Shapes: N images, B batch, S sampled images, L patches, M codes, K groups, R regions, O options.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.concepts import ConceptSet
from models.diagnose.collected import Collected
from models.diagnose.contingency import Contingency
from models.diagnose.presence import localizable_groups
from models.diagnose.results import Association, CodeDiagnosis, GroupDiagnosis
from models.diagnose.settings import DiagnoseSettings


def codes_of_groups(phi: NDArray[np.float64], used: NDArray[np.bool_], floor: float) -> NDArray[np.int64]:
    """(M,) the group that each code is counted to, -1 for none.

    Args:
        phi: (M, K).
        used: (M,) whether any patch has the code.
        floor: least phi.
    """
    best = phi.argmax(1)
    reached = used & (phi[np.arange(len(phi)), best] >= floor)
    return np.where(reached, best, -1)


def assigned_patches(
    code_counts: NDArray[np.int64], owner: NDArray[np.int64], present: NDArray[np.bool_], concept_set: ConceptSet
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The prototype-assignment statistic, as counts.

    Args:
        code_counts: (N, M) patches of each code in each image.
        owner: (M,) of ``codes_of_groups``.
        present: (N, O).
        concept_set: of the model.

    Returns:
        n_k (K,) and n_o (O,).
    """
    by_group = np.stack([code_counts[:, owner == group].sum(1) for group in range(concept_set.group_count)], 1)
    by_option = (by_group[:, list(concept_set.group_of_option)] * present).sum(0)
    return by_group.sum(0), by_option


def diagnose_codes(
    found: Collected, concept_set: ConceptSet, settings: DiagnoseSettings
) -> tuple[list[CodeDiagnosis], NDArray[np.int64]]:
    """Every code, and the group that it is counted to (M,)."""
    phi, used = found.magnet.phi(), found.code_counts.sum(0) > 0
    owner = codes_of_groups(phi, used, settings.association_floor)
    stream = np.random.default_rng(settings.seed)
    chance = found.magnet.chance(settings.permutations, stream)
    columns = {group: place for place, group in enumerate(localizable_groups(concept_set))}
    mask_phi, mask_chance = _of_masks(found.masks, settings, stream)
    codes = []
    for code, patches in enumerate(found.code_counts.sum(0)):
        associations = [
            Association(
                group=key,
                phi=float(phi[code, group]),
                p=float(chance[code, group]),
                mask_phi=None if mask_phi is None or group not in columns else float(mask_phi[code, columns[group]]),
                mask_p=None
                if mask_chance is None or group not in columns
                else float(mask_chance[code, columns[group]]),
            )
            for group, key in enumerate(concept_set.group_keys)
        ]
        codes.append(
            CodeDiagnosis(
                index=code,
                patches=int(patches),
                share=float(patches / found.code_counts.sum()),
                images=int((found.code_counts[:, code] > 0).sum()),
                group=concept_set.group_keys[owner[code]] if owner[code] >= 0 else None,
                associations=associations,
                nearest=found.nearest.of(code),
            )
        )
    return codes, owner


def _of_masks(
    masks: Contingency | None, settings: DiagnoseSettings, stream: np.random.Generator
) -> tuple[NDArray[np.float64] | None, NDArray[np.float64] | None]:
    if masks is None:
        return None, None
    return masks.phi(), masks.chance(settings.permutations, stream)


def diagnose_groups(
    found: Collected, concept_set: ConceptSet, owner: NDArray[np.int64], assigned: NDArray[np.int64]
) -> list[GroupDiagnosis]:
    """Every group, from the groups of the codes (M,) and the patches assigned to each group (K,)."""
    even = found.code_counts.sum() / concept_set.group_count
    return [
        GroupDiagnosis(
            key=key,
            magnet_mass=float(found.mass[:, group].mean()),
            magnet_entropy=float(found.entropy[:, group].mean()),
            codes=[int(code) for code in np.flatnonzero(owner == group)],
            assigned=int(assigned[group]),
            assignment_ratio=float(assigned[group] / even),
        )
        for group, key in enumerate(concept_set.group_keys)
    ]
