"""The whole of it on a small model: a concept that cannot be seen is found, those that can be are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch.nn import functional as F  # noqa: N812

from models.cbm.network import IVQCBM
from models.checkpoint import ZOO, Checkpoint, build_network, load_network, read_checkpoint
from models.concepts import ConceptSet, Group, Option
from models.diagnose.collect import DiagnosisCancelled
from models.diagnose.files import DiagnosisError, read_diagnosis, write_diagnosis
from models.diagnose.images import DiagnosedImages, read_diagnosed
from models.diagnose.results import Diagnosis
from models.diagnose.run import diagnose, input_shape
from models.diagnose.settings import DiagnoseSettings
from models.diagnose.text import diagnosis_lines
from models.encoders.loading import load_encoder
from models.preprocessing import normalise
from models.train.data import Split
from models.train.settings import ProceduralData
from tests.models.diagnose.conftest import Drawn, small
from tests.support.checkpoints import IMAGES

SEEN = ("border", "elevation")
HELD, TRAINED = 48, 64
STEPS = 30


def _with_roughness(shipped: ConceptSet) -> ConceptSet:
    """Two groups that are drawn, and one that no photograph shows."""
    options = tuple(Option(key=key, text=f"{key} to the touch", source="none") for key in ("rough", "smooth"))
    groups = tuple(group for group in shipped.groups if group.key in SEEN)
    roughness = Group(key="roughness", name="Roughness", options=options)
    return shipped.model_copy(update={"groups": (*groups, roughness), "class_options": {}})


def _labelled(images: DiagnosedImages, rows: list[int], roughness: NDArray[np.int64]) -> DiagnosedImages:
    """Some of them, with labels of roughness."""
    data = images.data
    options = data.options[rows].copy()
    options[:, -1] = roughness
    part = Split(data.images[rows], data.classes[rows], options, None if data.masks is None else data.masks[rows])
    keys = tuple(f"{number}/{images.keys[row]}" for number, row in enumerate(rows))
    return replace(images, keys=keys, data=part, per_image=images.per_image[rows])


def _train(checkpoint: Checkpoint, shipped: IVQCBM, concept_set: ConceptSet, images: DiagnosedImages) -> IVQCBM:
    """A new bottleneck on the shipped encoder's tokens, which are computed once."""
    torch.manual_seed(0)
    config = checkpoint.config.model_copy(update={"codes": concept_set.group_count})
    network = build_network(config, concept_set, load_encoder(config.encoder).text.embed(concept_set.prompts()))
    network.encoder.load_state_dict(shipped.encoder.state_dict())
    network.eval()
    with torch.no_grad():
        parts = [images.data.images[begin : begin + 16] for begin in range(0, len(images.data), 16)]
        tokens = torch.cat([network.encoder(normalise(part, config.preprocessing)) for part in parts])
    bottleneck = network.bottleneck
    flat = tokens.flatten(0, 1)
    generator = torch.Generator().manual_seed(0)
    bottleneck.ivq.initialise(flat, generator)
    bottleneck.magnet.initialise(flat, generator)
    options, classes = torch.from_numpy(images.data.options), torch.from_numpy(images.data.classes)
    optimizer = torch.optim.AdamW(bottleneck.parameters(), lr=0.01)
    for _ in range(STEPS):
        output = bottleneck(tokens)
        loss = F.cross_entropy(output.logits, classes) + output.ivq_loss
        for place, group in enumerate(concept_set.group_slices):
            loss = loss + F.cross_entropy(output.scores[:, group], options[:, place])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return network.requires_grad_(False)


@pytest.mark.slow
def test_a_concept_that_cannot_be_seen_is_found() -> None:
    checkpoint = read_checkpoint(ZOO / "synthetic-dermoscopy")
    shipped = load_network(checkpoint)
    concept_set = _with_roughness(checkpoint.concept_set)
    # Drawn at once, because starting the processes for it takes longer than drawing.
    data = ProceduralData(validation=HELD + TRAINED)
    images = read_diagnosed(data, "validation", concept_set, input_shape(checkpoint, shipped))
    # A coin decides what the model learns from. Every held-out image is there twice, rough and smooth: whatever the
    # model learned, no luck of the coin lets it tell.
    train = _labelled(images, [*range(HELD, HELD + TRAINED)], np.random.default_rng(0).integers(0, 2, TRAINED))
    held = _labelled(images, [*range(HELD), *range(HELD)], np.repeat([0, 1], HELD))
    network = _train(checkpoint, shipped, concept_set, train)
    small = replace(checkpoint, concept_set=concept_set)
    settings = DiagnoseSettings(least_labels=10, permutations=19, embedded_tokens=50, umap=False)
    found = diagnose(small, held, settings, network=network)
    assert found.flagged("dormant") == {"roughness.rough", "roughness.smooth"}
    areas = {option.id: option.readability[0].auroc for option in found.options}
    assert all(0.35 < areas[name] < 0.6 for name in found.flagged("dormant")), areas
    assert min(area for name, area in areas.items() if name.partition(".")[0] in SEEN) > 0.7, areas


def test_counts_add_up_and_rows_are_named(drawn: Drawn, diagnosis: Diagnosis) -> None:
    found = diagnosis
    patches = IMAGES * found.grid[0] * found.grid[1]
    assert sum(code.patches for code in found.codes) == patches
    assert sum(group.magnet_mass for group in found.groups) == pytest.approx(1.0)
    for key in drawn[0].concept_set.group_keys:
        own = [option for option in found.options if option.id.startswith(f"{key}.")]
        assert sum(option.present for option in own) == IMAGES
        group = next(group for group in found.groups if group.key == key)
        assert sum(option.assigned for option in own) == group.assigned
    for option in found.options:
        shown = [extreme.score for extreme in (*option.top, *option.bottom[::-1])]
        assert shown == sorted(shown, reverse=True)
        assert option.scores.quantiles == sorted(option.scores.quantiles)
        assert {label.source for label in option.readability} <= {"image"}
    named = {extreme.row for option in found.options for extreme in option.top}
    assert named <= set(found.keys)
    assert all(found.keys[row] == f"validation/{row:05d}" for row in found.keys)


def test_batches_do_not_matter_and_the_file_gives_it_back(drawn: Drawn, diagnosis: Diagnosis, tmp_path: Path) -> None:
    found, other = diagnosis, diagnose(*drawn, small(batch=9))
    assert [code.patches for code in found.codes] == [code.patches for code in other.codes]
    assert [code.associations for code in found.codes] == [code.associations for code in other.codes]
    for one, two in zip(found.options, other.options, strict=True):
        assert one.localization.pointing_others == two.localization.pointing_others
        assert one.scores.mean == pytest.approx(two.scores.mean, abs=1e-5)
    write_diagnosis(tmp_path / "found.json", found)
    assert read_diagnosis(tmp_path / "found.json") == found
    assert [path.name for path in tmp_path.iterdir()] == ["found.json"]
    assert diagnose(*drawn, small()) == found


def test_labels_by_class_are_not_taken_for_labels_of_images(drawn: Drawn) -> None:
    checkpoint, images = drawn
    by_class = replace(images, per_image=np.zeros_like(images.per_image))
    found = diagnose(checkpoint, by_class, small())
    assert {label.source for option in found.options for label in option.readability} == {"class"}
    assert "unreadable" not in {flag.sign for flag in found.flags}


def test_the_table_begins_with_the_flags(diagnosis: Diagnosis) -> None:
    found = diagnosis
    assert found.flags  # random weights: there is something to flag
    lines = list(diagnosis_lines(found))
    assert lines[2].startswith(f"Flags on {len({flag.option for flag in found.flags})} of 34 options")
    assert [line.split()[1] for line in lines[3 : 3 + len(found.flags)]] == [flag.option for flag in found.flags]
    assert all(flag.reason in line for flag, line in zip(found.flags, lines[3:], strict=False))


def test_progress_and_cancel(drawn: Drawn) -> None:
    told: list[tuple[int, int]] = []
    settings = DiagnoseSettings(batch=24)
    with pytest.raises(DiagnosisCancelled):
        diagnose(
            *drawn,
            settings,
            progress=lambda done, total: told.append((done, total)),
            cancelled=lambda: len(told) > 2,
        )
    assert told == [(0, IMAGES), (24, IMAGES), (48, IMAGES)]


@pytest.mark.parametrize("text", ["{}", "no", '{"format": 1}'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(DiagnosisError, match="holds no diagnosis"):
        read_diagnosis(path)


def test_keys_must_fit(drawn: Drawn) -> None:
    with pytest.raises(ValueError, match=r"expected 64 keys and label sources \(64, 7\), got 3"):
        replace(drawn[1], keys=("a", "b", "c"))
