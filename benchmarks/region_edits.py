"""Region edits of the shipped models: how long they take, and what scaling the aggregation is good for.

    .venv/bin/python -m benchmarks.region_edits --images 300

Procedural images with a mask for each localizable group (validation split, seed of the set). For every image and group
the option is decided from: all patches; the patches of the true mask, with the aggregation scaled to the attention of
all of them (what Vitrine does) or left as the shorter sum; as many patches elsewhere. A region is worth painting if the
true mask keeps the accuracy and other patches lose it. Times are those of the whole request over HTTP.
"""

# ruff: noqa: T201 (its output)

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from fastapi.testclient import TestClient
from PIL import Image

from backend.app import create_app
from backend.core.settings import Settings
from models.checkpoint import ZOO, Checkpoint, read_checkpoint
from models.data.synthetic import dermoscopy, ultrasound
from models.data.synthetic.samples import SyntheticArrays
from models.intervene.loading import read_editable
from models.intervene.regions import Mask, RegionScorer
from models.intervene.scores import Array
from models.predictor import Predictor

SETS = {"synthetic-dermoscopy": dermoscopy.synthesize, "breast-ultrasound": ultrasound.synthesize}
EMAIL, PASSWORD = "bench@hospital.example", "measured-with-a-stopwatch-7"
PATCH_COVERED = 0.5  # a patch belongs to a mask that covers half of it


def unscaled(scorer: RegionScorer, tokens: Array, group: int, kept: Mask) -> Array:
    """The shorter sum over the kept patches, as it is."""
    share = scorer.score(tokens, group, kept).attention
    weights = np.where(kept, scorer._attention(tokens)[:, group], 0.0)  # noqa: SLF001 (the variant that was not taken)
    projected = scorer.projection @ (weights @ tokens) + scorer.bias
    assert share > 0  # noqa: S101
    return scorer.text[scorer.groups[group]] @ (projected / np.linalg.norm(projected))


def accuracy(checkpoint: Checkpoint, arrays: SyntheticArrays) -> None:
    """Prints, per localizable group, how often the true option is the largest."""
    predictor, scorer = Predictor(checkpoint), read_editable(checkpoint).regions
    if scorer is None:
        raise SystemExit(f"{checkpoint.name} does not aggregate patches")
    concept_set = checkpoint.concept_set
    localizable = [index for index, group in enumerate(concept_set.groups) if group.localizable]
    random = np.random.default_rng(0)
    hits = {index: np.zeros(4) for index in localizable}
    counted = dict.fromkeys(localizable, 0)
    for image, options, masks in zip(arrays.images, arrays.options, arrays.masks, strict=True):
        tokens = predictor.explain(Image.fromarray(image)).tokens
        if tokens is None:
            raise SystemExit("the predictor gives no tokens")
        for place, group in enumerate(localizable):
            mask = masks[place].reshape(-1) >= PATCH_COVERED
            if not mask.any() or mask.all() or options[group] < 0:
                continue
            elsewhere = np.zeros_like(mask)
            others = np.flatnonzero(~mask)
            elsewhere[random.choice(others, min(len(others), int(mask.sum())), replace=False)] = True
            wide = tokens.astype(np.float64)
            found = (
                scorer.score(wide, group).scores,
                scorer.score(wide, group, mask).scores,
                unscaled(scorer, wide, group, mask),
                scorer.score(wide, group, elsewhere).scores,
            )
            hits[group] += [scores.argmax() == options[group] for scores in found]
            counted[group] += 1
    print(f"\n{checkpoint.name}: share of images whose true option has the largest score")
    print(f"  {'group':<22}{'n':>5}{'all':>9}{'inside':>9}{'unscaled':>10}{'elsewhere':>11}")
    for group in localizable:
        shares = hits[group] / max(1, counted[group])
        name = concept_set.groups[group].name
        print(f"  {name:<22}{counted[group]:>5}{shares[0]:>9.3f}{shares[1]:>9.3f}{shares[2]:>10.3f}{shares[3]:>11.3f}")
    total = np.sum(list(hits.values()), axis=0) / max(1, sum(counted.values()))
    print(f"  {'all groups':<27}{total[0]:>9.3f}{total[1]:>9.3f}{total[2]:>10.3f}{total[3]:>11.3f}")


def request_times(repeats: int) -> None:
    """Prints the median and the 95th percentile of previews with a region in every group, as one request each."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=Path(folder) / "data",
            prepare_examples=False,
            embedded_worker=False,
            log_level="WARNING",
            admin_email=EMAIL,
            admin_password=PASSWORD,
        )
        with TestClient(create_app(settings), base_url="http://localhost", headers={"X-Vitrine": "1"}) as client:
            client.post("/api/v1/auth/login", json={"email": EMAIL, "password": PASSWORD}).raise_for_status()
            print("\nPOST …/interventions/preview, milliseconds: median, 95th percentile")
            for model in client.get("/api/v1/models").json()["items"]:
                _times_of(client, model, repeats)


def _times_of(client: TestClient, model: dict[str, str], repeats: int) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (480, 640, 3), np.uint8)
    stream = Path(tempfile.mkdtemp()) / "a.png"
    Image.fromarray(picture).save(stream)
    case = client.post("/api/v1/cases", files={"file": ("a.png", stream.read_bytes())}).json()["id"]
    made: dict[str, Any] = {}
    while "grid" not in made:  # the model may still be loading
        made = client.post(f"/api/v1/cases/{case}/predictions", json={"model_version_id": model["id"]}).json()
    rows, columns = made["grid"]
    patches = [patch for patch in range(rows * columns) if patch % columns < columns // 2]
    one = [{"operation": "region", "group_key": made["groups"][0]["key"], "keep": "inside", "patches": patches}]
    every = [one[0] | {"group_key": group["key"]} for group in made["groups"]]
    for name, edits in (("no edit", []), ("one region", one), (f"a region in each of {len(every)} groups", every)):
        times = []
        for _ in range(repeats + 5):
            start = time.perf_counter()
            answer = client.post(f"/api/v1/predictions/{made['id']}/interventions/preview", json={"edits": edits})
            times.append((time.perf_counter() - start) * 1000)
            answer.raise_for_status()
        steady = sorted(times[5:])
        print(
            f"  {model['name']:<24}{name:<30}{statistics.median(steady):>7.1f}{steady[int(0.95 * len(steady))]:>8.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=300)
    parser.add_argument("--repeats", type=int, default=100)
    arguments = parser.parse_args()
    request_times(arguments.repeats)
    for name, synthesize in SETS.items():
        checkpoint = read_checkpoint(ZOO / name)
        accuracy(checkpoint, synthesize("validation", arguments.images, 224))


if __name__ == "__main__":
    main()
