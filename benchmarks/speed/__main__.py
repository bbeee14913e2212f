"""``python -m benchmarks.speed``: every figure a ratio, the two sides of it taken in turns in one run.

Prints one table and, with ``--out``, keeps all figures as JSON. ``--quick`` is what CI runs: fewer repeats.
"""

# ruff: noqa: T201 (its output)

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from backend.model_registry.zoo import physical_cores
from benchmarks.speed.models import batches, one_image
from benchmarks.speed.serving import serving
from models.checkpoint import list_zoo

CLIENTS = (1, 8, 64)


def main() -> None:
    """Runs it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, help="JSON file for all figures")
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--requests", type=int, default=2000, help="of the run with the most clients")
    parser.add_argument("--images", type=int, default=48, help="different ones that clients send")
    parser.add_argument("--quick", action="store_true", help="few repeats, no server")
    asked = parser.parse_args()
    torch.set_num_threads(physical_cores())
    torch.set_flush_denormal(True)
    repeats = 10 if asked.quick else asked.repeats
    found: dict[str, Any] = {"about": _about(), "models": []}
    for folder in list_zoo():
        print(f"{folder.name} …", file=sys.stderr, flush=True)
        measured = {"one_image": one_image(folder, repeats), "batches": batches(folder, max(3, repeats // 4))}
        if not asked.quick:
            measured["serving"] = serving(folder, CLIENTS, asked.requests, asked.images)
        found["models"].append(measured)
    print(_table(found))
    if asked.out is not None:
        asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _about() -> dict[str, Any]:
    return {
        "command": f"python -m benchmarks.speed {' '.join(sys.argv[1:])}".strip(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "load": round(os.getloadavg()[0], 2),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
    }


def _table(found: dict[str, Any]) -> str:
    lines = ["| what | against | model | ratio |", "| --- | --- | --- | ---: |"]
    for model in found["models"]:
        one = model["one_image"]
        ratios, name = one["ratios"], f"{one['model']}, {one['precision']}"
        everything = f"all {one['options']} Grad-CAM maps, Magnet maps, index map, scores, contributions"
        rows = [
            (everything, "the encoder alone", f"{ratios['explained to encoder']:.2f} × its time"),
            (
                "the same",
                "the published way: float32, a decomposition per image",
                f"{ratios['official to explained']:.1f} × faster",
            ),
            (
                "the same",
                "`grad-cam`, a call per option",
                f"{ratios['grad-cam a call per option to explained']:.0f} × faster",
            ),
            ("encoder, one image", "the machine's matrix product", f"{one['share_of_matrix_peak']:.0%} of it"),
        ]
        lines += [f"| {what} | {against} | {name} | {figure} |" for what, against, figure in rows]
        best = max(row["encoder_images_per_second"] for row in model["batches"]["batches"])
        for run in model.get("serving", {}).get("runs", []):
            lines.append(
                f"| {run['clients']} clients, {run['images_per_second']:.1f} images/s, p50 {run['p50_ms']:.0f} ms, p99 "
                f"{run['p99_ms']:.0f} ms, {run['wrong'] + run['twice']} of {run['answers']} wrong | "
                f"the encoder at its best batch | {name} | {run['images_per_second'] / best:.2f} of its images/s |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
