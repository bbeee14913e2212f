"""Where people and a model differ, over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sklearn.metrics import cohen_kappa_score, confusion_matrix
from sqlalchemy import event

from backend.agreement import service
from tests.support.accounts import events
from tests.support.explainer import ColourZoo, checkpoint_info, editable_by_colour, explain_by_colour, load_concept_set
from tests.support.labels import Labelled, Options, model_id, random_mark
from tests.support.people import (
    ADMINISTRATOR,
    COORDINATOR,
    OTHER_READER,
    READER,
    RESEARCHER,
    Person,
    become,
)
from tests.support.server import API, UNKNOWN_ID, StartServer, assert_error, resources_of

CONCEPTS = load_concept_set("isic2018")
COLOURS = ((250, 20, 20), (20, 250, 20), (20, 20, 250), (200, 200, 20), (90, 90, 90))


def agreement(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get(f"{API}/agreement", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def labelled(client: TestClient) -> Labelled:
    return Labelled(client, CONCEPTS, model_id(client))


def said(document: dict[str, Any]) -> tuple[str, Options]:
    """What the model says, read from its document in another way than the server does."""
    best = max(document["classes"], key=lambda each: each["logit"])["key"]
    options = {
        group["key"]: max(group["options"], key=lambda option: option["probability"])["id"]
        for group in document["groups"]
    }
    return best, options


def test_nothing_is_labelled(client: TestClient) -> None:
    found = agreement(client)
    assert found["model"] is None
    assert (found["labels"], found["cases"], found["models"], found["groups"]) == (0, 0, [], [])
    assert found["class"] == {
        "labelled": 0, "agreed": 0, "rate": None, "kappa": None, "keys": [], "names": [], "confusion": []
    }  # fmt: skip
    named = agreement(client, model_version_id=model_id(client))
    assert (named["model"]["name"], named["labels"], named["class"]["rate"]) == ("colour", 0, None)
    assert named["class"]["keys"] == list(CONCEPTS.class_keys)
    assert_error(client.get(f"{API}/agreement", params={"model_version_id": UNKNOWN_ID}), 404, "model_not_found")


def test_against_another_way_to_count(client: TestClient, labelled: Labelled) -> None:
    """Sixty random labels, with scikit-learn and the prediction's own words."""
    random, pairs = np.random.default_rng(5), []
    with labelled.database.writing() as session:
        for index in range(20):
            case = labelled.case(session, READER)
            labelled.prediction(session, case, random.integers(0, 256, 3).tolist())  # an older one does not count
            prediction = labelled.prediction(session, case, COLOURS[index % len(COLOURS)])
            for person in (READER, RESEARCHER, COORDINATOR):
                mark = random_mark(random, CONCEPTS)
                if mark[0] is not None and random.random() < 0.5:
                    mark = (said(prediction.document)[0], mark[1])
                labelled.label(session, prediction, person, *mark)
                pairs.append((mark, said(prediction.document)))
    found = agreement(client)
    assert (found["labels"], found["cases"], found["left_out"]) == (60, 20, 0)
    assert found["models"] == [{"id": labelled.model, "name": "colour", "labels": 60}]
    differing = 0
    sections: list[tuple[str | None, dict[str, Any], list[str]]] = [(None, found["class"], found["class"]["keys"])]
    sections += [(each["key"], each, [option["id"] for option in each["options"]]) for each in found["groups"]]
    for key, section, names in sections:
        both = [
            (person[0], model[0]) if key is None else (person[1].get(key), model[1][key]) for person, model in pairs
        ]
        people, models = zip(*[pair for pair in both if pair[0] is not None], strict=True)
        assert section["confusion"] == confusion_matrix(people, models, labels=names).tolist(), key
        assert section["labelled"] == len(people)
        assert section["kappa"] == pytest.approx(cohen_kappa_score(people, models, labels=names)), key
        assert section["rate"] == pytest.approx(np.mean([a == b for a, b in zip(people, models, strict=True)]))
        differing += section["labelled"] - section["agreed"]
    assert found["disagreement_count"] == differing
    assert len(found["disagreements"]) == min(differing, 200)


def test_a_disagreement_is_told_in_words(client: TestClient, labelled: Labelled) -> None:
    with labelled.database.writing() as session:
        case = labelled.case(session, ADMINISTRATOR, pseudonym="Case 7")
        prediction = labelled.prediction(session, case, COLOURS[0])
        best, options = said(prediction.document)
        group = CONCEPTS.groups[3]
        other = next(key for key in group.option_keys if f"{group.key}.{key}" != options[group.key])
        wrong = next(key for key in CONCEPTS.class_keys if key != best)
        labelled.label(session, prediction, READER, wrong, options | {group.key: f"{group.key}.{other}"})
    first, second = agreement(client)["disagreements"]
    about = {
        "case_id": case,
        "pseudonym": "Case 7",
        "prediction_id": prediction.id,
        "author": {"id": READER.id, "name": "Reader"},
    }
    names = dict(zip(CONCEPTS.class_keys, CONCEPTS.class_names, strict=True))
    texts = {f"{group.key}.{option.key}": option.text for option in group.options}
    assert first == about | {"group_key": None, "person": names[wrong], "model": names[best]}
    assert second == about | {
        "group_key": group.key,
        "person": texts[f"{group.key}.{other}"],
        "model": texts[options[group.key]],
    }


def test_accuracy_before_and_after_interventions(client: TestClient, labelled: Labelled) -> None:
    """Stored: the author's last one on the prediction that is compared. Marked: recomputed with the model's head."""
    head = editable_by_colour(CONCEPTS).head
    wanted_after = []
    with labelled.database.writing() as session:
        for index, person in enumerate((READER, RESEARCHER, COORDINATOR)):
            prediction = labelled.prediction(session, labelled.case(session, READER), COLOURS[index])
            truth = "nv" if index else prediction.predicted_class
            options: Options = {"color": "color.uniform_brown", "shape": "shape.round"}
            labelled.label(session, prediction, person, truth, options)
            labelled.intervention(session, prediction, person, "vasc")
            labelled.intervention(session, prediction, person, "nv")  # the last one counts
            labelled.intervention(session, prediction, ADMINISTRATOR, "df")  # somebody else's does not
            scores = np.array([o["score"] for g in prediction.document["groups"] for o in g["options"]])
            logits = np.array([each["logit"] for each in prediction.document["classes"]])
            edited = scores
            for option in options.values():
                column = CONCEPTS.option_ids.index(option or "")
                if scores[head.group_of(column)].max() != scores[column]:  # else the model says so already
                    edited = head.make_present(edited, column)
            after = CONCEPTS.class_keys[int((logits + head.weight @ (edited - scores)).argmax())]
            wanted_after.append(after == truth)
        unlabelled = labelled.prediction(session, labelled.case(session, READER), COLOURS[0])
        labelled.label(session, unlabelled, READER, None, {"shape": "shape.round"})
        labelled.intervention(session, unlabelled, READER, "nv")
    found = agreement(client)["interventions"]
    predicted_nv = [index for index in (1, 2) if said_class(COLOURS[index]) == "nv"]
    before = (1 + len(predicted_nv)) / 3
    first_is_nv = said_class(COLOURS[0]) == "nv"
    assert found["stored"] == {"labelled": 3, "before": pytest.approx(before), "after": (2 + first_is_nv) / 3}
    assert found["marked"] == {"labelled": 3, "before": pytest.approx(before), "after": sum(wanted_after) / 3}


def test_saying_what_the_model_says_changes_no_decision(client: TestClient, labelled: Labelled) -> None:
    with labelled.database.writing() as session:
        for colour in COLOURS:
            prediction = labelled.prediction(session, labelled.case(session, READER), colour)
            options: Options = {
                group["key"]: max(group["options"], key=lambda option: option["score"])["id"]
                for group in prediction.document["groups"]
                if len(group["options"]) > 1
            }
            labelled.label(session, prediction, READER, prediction.predicted_class, options)
    found = agreement(client)["interventions"]["marked"]
    assert (found["before"], found["after"]) == (1.0, 1.0)


def said_class(colour: tuple[int, ...]) -> str:
    return explain_by_colour(Image.new("RGB", (8, 8), colour), CONCEPTS).predicted_class


def test_without_the_models_files_only_marks_are_left_out(
    client: TestClient, zoo: ColourZoo, labelled: Labelled
) -> None:
    zoo.editing_error = ValueError("gone")
    with labelled.database.writing() as session:
        prediction = labelled.prediction(session, labelled.case(session, READER), COLOURS[0])
        labelled.label(session, prediction, READER, prediction.predicted_class, {"shape": "shape.round"})
    found = agreement(client)
    assert found["class"]["rate"] == 1.0
    assert found["interventions"]["marked"] == {"labelled": 0, "before": None, "after": None}


def test_another_concept_set_counts_where_its_ids_are_known(start_server: StartServer, tmp_path: Path) -> None:
    revised = CONCEPTS.model_copy(
        update={"version": CONCEPTS.version + 1, "groups": CONCEPTS.groups[:2], "class_options": {}}
    )
    infos = [
        checkpoint_info(tmp_path / "one", "one"),
        checkpoint_info(tmp_path / "two", "two", "other", "cd" * 32),
        checkpoint_info(tmp_path / "breast", "breast", "synthetic-breast-us", "ef" * 32, "busi"),
    ]
    object.__setattr__(infos[1], "concept_set", revised)
    client = start_server(ColourZoo(infos))
    one = Labelled(client, CONCEPTS, model_id(client, "one"))
    two = Labelled(client, revised, model_id(client, "two"))
    breast = Labelled(client, load_concept_set("busi"), model_id(client, "breast"))
    group, unknown = CONCEPTS.groups[1], CONCEPTS.groups[5]
    options: Options = {
        group.key: f"{group.key}.{group.option_keys[0]}",
        unknown.key: f"{unknown.key}.{unknown.option_keys[0]}",
    }
    with one.database.writing() as session:
        case = one.case(session, READER)
        prediction = one.prediction(session, case, COLOURS[0])
        two.prediction(session, case, COLOURS[1])
        breast.prediction(session, case, COLOURS[1])
        one.label(session, prediction, READER, None, options)
        one.label(session, prediction, RESEARCHER, None, {unknown.key: options[unknown.key]})
    assert [(each["name"], each["labels"]) for each in agreement(client)["models"]] == [("one", 2), ("two", 2)]
    found = agreement(client, model_version_id=two.model)
    assert (found["labels"], found["left_out"]) == (1, 1)
    assert [each["labelled"] for each in found["groups"]] == [0, 1]
    strange = agreement(client, model_version_id=breast.model)
    assert (strange["labels"], strange["left_out"], strange["disagreement_count"]) == (0, 2, 0)


VIEWERS = (ADMINISTRATOR, RESEARCHER, COORDINATOR, READER, OTHER_READER)


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda person: person.email)
def test_what_is_hidden_is_not_counted_anywhere(client: TestClient, labelled: Labelled, viewer: Person) -> None:
    """Everybody labels a case of every owner, private and open; each sees the statistics of what they may see."""
    with labelled.database.writing() as session:
        made = []
        for owner in VIEWERS:
            for visibility in ("private", "open"):
                case = labelled.case(session, owner, visibility, f"{owner.role} {visibility}")
                prediction = labelled.prediction(session, case, COLOURS[0])
                for author in VIEWERS:
                    wrong = next(key for key in CONCEPTS.class_keys if key != prediction.predicted_class)
                    labelled.label(session, prediction, author, wrong, {})
                    labelled.intervention(session, prediction, author, wrong)
                    made.append((case, owner, visibility, author))
    everybodys = viewer in (ADMINISTRATOR, RESEARCHER, COORDINATOR)
    seen = [
        (case, author)
        for case, owner, visibility, author in made
        if (viewer is ADMINISTRATOR or owner is viewer or visibility == "open") and (everybodys or author is viewer)
    ]
    become(client, viewer)
    for query in ({}, {"model_version_id": labelled.model}):
        found = agreement(client, **query)
        assert (found["labels"], found["cases"]) == (len(seen), len({case for case, _ in seen}))
        assert found["models"] == [{"id": labelled.model, "name": "colour", "labels": len(seen)}]
        assert found["left_out"] == 0
        assert found["disagreement_count"] == len(seen)
        assert found["interventions"]["stored"] == {"labelled": len(seen), "before": 0.0, "after": 1.0}
        assert {(each["case_id"], each["author"]["id"]) for each in found["disagreements"]} == {
            (case, author.id) for case, author in seen
        }
    own = agreement(client, mine=True)
    assert own["labels"] == len([author for _, author in seen if author is viewer])
    exported = client.get(f"{API}/agreement/labels", params={"format": "json"}).json()["labels"]
    assert sorted((each["case_id"], each["author_id"]) for each in exported) == sorted((c, a.id) for c, a in seen)


def test_predictions_of_a_hidden_case_tell_nothing(client: TestClient, labelled: Labelled) -> None:
    """A reader whose case was taken from them: neither their label nor the model's name is left."""
    with labelled.database.writing() as session:
        prediction = labelled.prediction(session, labelled.case(session, RESEARCHER, "private"), COLOURS[0])
        labelled.label(session, prediction, READER, "nv", {})
    become(client, READER)
    found = agreement(client)
    assert (found["model"], found["models"], found["labels"], found["left_out"]) == (None, [], 0, 0)
    named = agreement(client, model_version_id=labelled.model)
    assert (named["labels"], named["left_out"], named["class"]["labelled"]) == (0, 0, 0)


def test_the_number_of_statements_does_not_grow(client: TestClient, labelled: Labelled) -> None:
    counted: list[int] = []
    engine = resources_of(client).database.engine
    for count in (2, 30):
        with labelled.database.writing() as session:
            for _ in range(count):
                prediction = labelled.prediction(session, labelled.case(session, READER), COLOURS[0])
                labelled.label(session, prediction, READER, "nv", {})
        agreement(client)  # notes the view
        statements: list[str] = []
        listen = lambda *given, told=statements: told.append(given[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        agreement(client)
        event.remove(engine, "before_cursor_execute", listen)
        counted.append(len(statements))
    assert counted[0] == counted[1] < 15


def test_too_many_are_left_out_and_said_to_be(
    client: TestClient, labelled: Labelled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_LABELS", 3)
    monkeypatch.setattr(service, "MOST_DISAGREEMENTS", 2)
    with labelled.database.writing() as session:
        for _ in range(5):
            prediction = labelled.prediction(session, labelled.case(session, READER), COLOURS[0])
            wrong = next(key for key in CONCEPTS.class_keys if key != prediction.predicted_class)
            labelled.label(session, prediction, READER, wrong, {})
    found = agreement(client)
    assert (found["labels"], found["left_out"], found["disagreement_count"]) == (3, 2, 3)
    assert len(found["disagreements"]) == 2


def test_looking_at_it_is_an_event(client: TestClient) -> None:
    agreement(client)
    agreement(client)
    (viewed,) = events(client, "agreement.viewed")
    assert viewed.subject == "label/*"


def options_of(client: TestClient, model: str) -> dict[str, dict[str, Any]]:
    """By option."""
    answer = client.get(f"{API}/agreement/options", params={"model_version_id": model})
    assert answer.status_code == 200, answer.text
    return {each["option_id"]: each for each in answer.json()["options"]}


def test_options_against_another_way_to_count(client: TestClient, labelled: Labelled) -> None:
    """Each option on its own, from the prediction's own words."""
    random = np.random.default_rng(6)
    said_by: list[tuple[Options, Options]] = []
    with labelled.database.writing() as session:
        for index in range(20):
            prediction = labelled.prediction(session, labelled.case(session, READER), COLOURS[index % len(COLOURS)])
            for person in (READER, RESEARCHER):
                mark = random_mark(random, CONCEPTS)
                labelled.label(session, prediction, person, *mark)
                said_by.append((mark[1], said(prediction.document)[1]))
    found = options_of(client, labelled.model)
    assert list(found) == list(CONCEPTS.option_ids)
    for option_id, each in found.items():
        group = option_id.split(".")[0]
        assert each["group_key"] == group
        pairs = [
            (person[group] == option_id, model[group] == option_id) for person, model in said_by if group in person
        ]
        present = [model for person, model in pairs if person]
        absent = [model for person, model in pairs if not person]
        assert (each["labelled"], each["present"]) == (len(pairs), len(present)), option_id
        assert each["agreed"] == sum(person == model for person, model in pairs)
        assert each["sensitivity"] == (pytest.approx(np.mean(present)) if present else None)
        assert each["specificity"] == (pytest.approx(1 - np.mean(absent)) if absent else None)


def test_options_nobody_labelled(client: TestClient, labelled: Labelled) -> None:
    found = options_of(client, labelled.model)
    assert list(found) == list(CONCEPTS.option_ids)
    nothing = {"labelled": 0, "present": 0, "agreed": 0, "sensitivity": None, "specificity": None}
    assert all(nothing.items() <= each.items() for each in found.values())
    with labelled.database.writing() as session:
        prediction = labelled.prediction(session, labelled.case(session, READER), COLOURS[0])
        marked = said(prediction.document)[1]["shape"]
        labelled.label(session, prediction, READER, None, {"shape": marked})
    found = options_of(client, labelled.model)
    for option_id, each in found.items():
        if not option_id.startswith("shape."):
            assert each["labelled"] == 0
        elif option_id == marked:
            assert (each["present"], each["sensitivity"], each["specificity"]) == (1, 1.0, None)
        else:
            assert (each["present"], each["sensitivity"], each["specificity"]) == (0, None, 1.0)


def test_readers_count_their_own_labels_alone(client: TestClient, labelled: Labelled) -> None:
    with labelled.database.writing() as session:
        prediction = labelled.prediction(session, labelled.case(session, READER), COLOURS[0])
        for person in (READER, RESEARCHER, COORDINATOR):
            labelled.label(session, prediction, person, None, {"shape": said(prediction.document)[1]["shape"]})
    option = said(prediction.document)[1]["shape"] or ""
    seen = {}
    for person in (READER, RESEARCHER, ADMINISTRATOR):
        become(client, person)
        seen[person] = options_of(client, labelled.model)[option]["labelled"]
    assert seen == {READER: 1, RESEARCHER: 3, ADMINISTRATOR: 3}
    unknown = client.get(f"{API}/agreement/options", params={"model_version_id": UNKNOWN_ID})
    assert_error(unknown, 404, "model_not_found")
    assert_error(client.get(f"{API}/agreement/options"), 422, "validation_failed")
