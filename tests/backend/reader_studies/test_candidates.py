"""Images to choose from: which there are, what class they are of, and random samples of them."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.db.study_tables import StudyReader
from backend.db.tables import Case, Label, ModelVersion
from backend.examples.catalogue import all_examples
from backend.reader_studies.design import StudyCaseRef, StudyDesign
from backend.reader_studies.sources import ImagePlace, read_image
from models.data.adapters.registry import find_adapter
from models.data.importing import import_dataset
from models.data.prepared import PreparedDataset
from tests.support.datasets import DATASETS, blobs, folder_per_class
from tests.support.designs import STUDIES, add_published, coloured_cases, create_study, make_design
from tests.support.explainer import load_concept_set
from tests.support.images import png
from tests.support.labels import Labelled, model_id
from tests.support.people import ADMINISTRATOR, COORDINATOR, OTHER_READER, READER, RESEARCHER, Person, become
from tests.support.server import API, assert_error, resources_of

EXAMPLES = "synthetic-dermoscopy"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of 24 different pictures, an exact and a near copy of one of them."""
    folder = tmp_path_factory.mktemp("made")
    pets = folder_per_class(folder / "pets", count=12)
    shutil.copy(pets / "cat" / "3.png", pets / "cat" / "3-again.png")
    blobs(3, 64).save(pets / "cat" / "3-larger.png")
    import_dataset(find_adapter("folder"), pets, folder / "set", "pets")
    return folder / "set"


@pytest.fixture
def pets(client: TestClient, made: Path) -> str:
    """Id of that data set on the server; the client is the coordinator's."""
    shutil.copytree(made, resources_of(client).library.root / "pets")
    become(client, COORDINATOR)
    items = client.get(DATASETS).json()["items"]
    return next(str(item["id"]) for item in items if item["name"] == "pets")


def find(client: TestClient, **body: Any) -> dict[str, Any]:
    answer = client.post(f"{STUDIES}/candidates", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def sample(client: TestClient, **body: Any) -> dict[str, Any]:
    answer = client.post(f"{STUDIES}/sample", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def keys(drawn: dict[str, Any]) -> list[str]:
    return [each["ref"]["image"] or each["ref"]["case_id"] for each in drawn["items"]]


class TestExamples:
    def test_they_are_the_gallery_of_the_set(self, client: TestClient) -> None:
        become(client, COORDINATOR)
        found = find(client, source="dataset", dataset_id=EXAMPLES)
        assert found["total"] == len(found["items"]) == 14
        assert set(found["by_class"]) == set(load_concept_set("isic2018").class_keys)
        assert {each["synthetic"] for each in found["items"]} == {True}
        first = found["items"][0]
        example = all_examples()[first["ref"]["image"]]
        assert first["ref"]["truth_class"] == example.class_key
        assert first["class_name"] == example.class_name
        assert first["dataset"] == EXAMPLES
        assert client.get(f"{API}{first['thumbnail']}").headers["content-type"] == "image/webp"

    def test_other_splits_have_none(self, client: TestClient) -> None:
        become(client, COORDINATOR)
        assert find(client, source="dataset", dataset_id=EXAMPLES, split="train")["total"] == 0

    def test_counts_of_classes_do_not_depend_on_the_classes_chosen(self, client: TestClient) -> None:
        become(client, COORDINATOR)
        every = find(client, source="dataset", dataset_id=EXAMPLES)
        found = find(client, source="dataset", dataset_id=EXAMPLES, classes=["mel", "nv"])
        assert found["by_class"] == every["by_class"]
        assert found["total"] == 4

    def test_search(self, client: TestClient) -> None:
        become(client, COORDINATOR)
        found = find(client, source="dataset", dataset_id=EXAMPLES, search="MELANOMA")
        assert {each["class_name"] for each in found["items"]} == {"Melanoma"}


class TestDataset:
    def test_images_of_a_split_with_their_classes(self, client: TestClient, pets: str, made: Path) -> None:
        rows = PreparedDataset.open(made).rows
        for split in ("train", "validation", "test"):
            found = find(client, source="dataset", dataset_id=pets, split=split)
            expected = {row.key: row.label for row in rows if row.split == split}
            assert {each["ref"]["image"]: each["ref"]["truth_class"] for each in found["items"]} == expected
            assert found["total"] == len(expected)
            assert found["by_class"] == Counter(expected.values())

    def test_a_thumbnail_is_of_the_image(self, client: TestClient, pets: str, made: Path) -> None:
        rows = {row.key: number for number, row in enumerate(PreparedDataset.open(made).rows)}
        for each in find(client, source="dataset", dataset_id=pets, split="test")["items"]:
            assert f"/images/{rows[each['ref']['image']]}/" in each["thumbnail"]
        assert client.get(f"{API}{each['thumbnail']}").status_code == 200

    @pytest.mark.parametrize("dataset_id", [None, "", "nothing", "0" * 32])
    def test_there_is_none(self, client: TestClient, dataset_id: str | None) -> None:
        become(client, COORDINATOR)
        for path, more in (("candidates", {}), ("sample", {"count": 2, "seed": 1})):
            answer = client.post(f"{STUDIES}/{path}", json={"source": "dataset", "dataset_id": dataset_id} | more)
            assert_error(answer, 400, "candidate_source_missing")

    def test_its_images_can_be_read(self, client: TestClient, pets: str, made: Path) -> None:
        (first, *_) = find(client, source="dataset", dataset_id=pets, split="test")["items"]
        place = ImagePlace(
            "dataset", folder=str(resources_of(client).library.folder("pets")), image=first["ref"]["image"]
        )
        read = read_image(ImagePlace.of(place.to_json()), resources_of(client).storage)
        row = next(row for row in PreparedDataset.open(made).rows if row.key == first["ref"]["image"])
        assert read.mode == "RGB"
        assert read.size == (row.width, row.height)
        assert (row.image.read() == read).all()


class TestCases:
    def test_those_that_one_sees(self, client: TestClient) -> None:
        own = coloured_cases(client, 2)
        coloured_cases(client, 1, RESEARCHER)
        become(client, COORDINATOR)
        found = find(client)
        assert sorted(keys(found)) == sorted(own)
        assert found["by_class"] == {"": 2}

    def test_of_a_data_set(self, client: TestClient, pets: str) -> None:
        (own, _) = coloured_cases(client, 2)
        client.patch(f"{API}/cases/{own}", json={"dataset": "pets"})
        assert keys(find(client, dataset_id=pets)) == [own]
        assert keys(find(client, dataset_id="pets")) == [own]
        assert keys(find(client, dataset_id=EXAMPLES)) == []

    def test_the_class_of_an_example_is_known(self, client: TestClient) -> None:
        become(client, COORDINATOR)
        example = next(iter(all_examples().values()))
        created = client.post(f"{API}/examples/{example.key}/cases").json()
        (found,) = find(client)["items"]
        assert found["ref"] == StudyCaseRef(case_id=created["id"], truth_class=example.class_key).model_dump(
            mode="json"
        )
        assert found["class_name"] == example.class_name

    def test_a_file_that_is_only_called_like_an_example_is_none(self, client: TestClient) -> None:
        example = next(iter(all_examples().values()))
        become(client, COORDINATOR)
        own = coloured_cases(client, 1)[0]
        with resources_of(client).database.writing() as session:
            session.get_one(Case, own).filename = f"{example.key}.png"
        client.patch(f"{API}/cases/{own}", json={"dataset": example.drawn.name})
        assert find(client)["items"][0]["class_name"] is None

    @pytest.mark.parametrize(
        ("said", "known"),
        [
            ({READER: "mel"}, "mel"),
            ({READER: "mel", OTHER_READER: "mel"}, "mel"),
            ({READER: "mel", OTHER_READER: "nv"}, None),
            ({READER: None}, None),
            ({READER: "mel", OTHER_READER: None}, "mel"),
        ],
    )
    def test_labels_say_the_class_where_all_say_the_same(
        self, client: TestClient, said: dict[Person, str | None], known: str | None
    ) -> None:
        resources_of(client).inference.wait_until_registered()
        labelled = Labelled(client, load_concept_set("isic2018"), model_id(client))
        with resources_of(client).database.writing() as session:
            case = labelled.case(session, COORDINATOR)
            prediction = labelled.prediction(session, case, (10, 20, 30))
            for person, key in said.items():
                labelled.label(session, prediction, person, key, {})
        become(client, COORDINATOR)
        (found,) = find(client)["items"]
        assert found["ref"]["truth_class"] == known
        assert found["class_name"] == ("Melanoma" if known else None)

    def test_labels_of_several_concept_sets_are_of_one_case(self, client: TestClient) -> None:
        resources_of(client).inference.wait_until_registered()
        labelled = Labelled(client, load_concept_set("isic2018"), model_id(client))
        with resources_of(client).database.writing() as session:
            case = labelled.case(session, COORDINATOR)
            prediction = labelled.prediction(session, case, (10, 20, 30))
            labelled.label(session, prediction, READER, "mel", {})
            first = session.query(Label).one()
            edited = Label(
                case_id=case, author_id=READER.id, prediction_id=first.prediction_id, concept_set_digest="e" * 64,
                class_key="nv", options={},
            )  # fmt: skip
            session.add(edited)
        become(client, COORDINATOR)
        assert find(client)["items"][0]["ref"]["truth_class"] is None


class TestSample:
    def test_it_is_the_same_for_the_same_seed_and_no_other(self, client: TestClient) -> None:
        become(client, COORDINATOR)
        body = {"source": "dataset", "dataset_id": EXAMPLES, "count": 7}
        drawn = [keys(sample(client, **body, seed=seed)) for seed in (1, 1, 2, 3)]
        assert drawn[0] == drawn[1]
        assert len({tuple(each) for each in drawn}) == 3

    def test_it_does_not_depend_on_the_order_of_cases(self, client: TestClient) -> None:
        coloured_cases(client, 6)
        first = keys(sample(client, strata="none", count=3, seed=5))
        with resources_of(client).database.writing() as session:
            dates = sorted(case.created_at for case in session.query(Case))
            for case, date in zip(session.query(Case).order_by(Case.created_at.desc()).all(), dates, strict=True):
                case.created_at = date
        assert keys(sample(client, strata="none", count=3, seed=5)) == first

    @pytest.mark.parametrize("count", [7, 9, 14])
    def test_it_is_even_over_the_classes(self, client: TestClient, count: int) -> None:
        become(client, COORDINATOR)
        drawn = sample(client, source="dataset", dataset_id=EXAMPLES, count=count, seed=4)
        found = Counter(each["ref"]["truth_class"] for each in drawn["items"])
        assert sum(found.values()) == count
        assert set(found.values()) <= {count // 7, count // 7 + 1}
        assert drawn["short"] == {}

    def test_it_says_how_it_was_drawn(self, client: TestClient) -> None:
        become(client, COORDINATOR)
        drawn = sample(client, source="dataset", dataset_id=EXAMPLES, classes=["mel", "nv"], count=2, seed=4)
        assert drawn["sampling"] == {
            "method": "stratified_random",
            "source": f"data set {EXAMPLES}, split test, classes mel, nv",
            "strata": "class",
            "seed": 4,
            "population": 4,
        }

    def test_all_of_them(self, client: TestClient) -> None:
        become(client, COORDINATOR)
        drawn = sample(client, source="dataset", dataset_id=EXAMPLES, count=14, seed=4)
        assert drawn["sampling"]["method"] == "all"
        assert len(set(keys(drawn))) == 14

    def test_it_tells_what_is_short_and_makes_up_for_nothing(self, client: TestClient) -> None:
        become(client, COORDINATOR)
        body = {"source": "dataset", "dataset_id": EXAMPLES, "classes": ["mel", "nv", "fracture"]}
        drawn = sample(client, **body, count=9, seed=4)
        assert drawn["short"] == {"fracture": 3, "mel": 1, "nv": 1}
        assert Counter(each["ref"]["truth_class"] for each in drawn["items"]) == {"mel": 2, "nv": 2}

    def test_what_was_chosen_already_is_left_out(self, client: TestClient) -> None:
        become(client, COORDINATOR)
        body = {"source": "dataset", "dataset_id": EXAMPLES, "strata": "none"}
        first = sample(client, **body, count=10, seed=4)
        second = sample(client, **body, count=10, seed=4, leave_out=[each["ref"] for each in first["items"]])
        assert set(keys(first)).isdisjoint(keys(second))
        assert len(keys(second)) == 4
        assert second["sampling"]["population"] == 4
        assert second["short"] == {"all": 6}

    def test_of_pictures_that_are_alike_one_is_drawn(self, client: TestClient, pets: str, made: Path) -> None:
        alike = {"cat/3.png", "cat/3-again.png", "cat/3-larger.png"}
        (split,) = {row.split for row in PreparedDataset.open(made).rows if row.key in alike}
        body = {"source": "dataset", "dataset_id": pets, "split": split, "strata": "none", "count": 100}
        total = find(client, source="dataset", dataset_id=pets, split=split)["total"]
        drawn = [set(keys(sample(client, **body, seed=seed))) for seed in range(8)]
        assert {len(each) for each in drawn} == {total - 2}
        assert {len(each & alike) for each in drawn} == {1}
        assert len(set.union(*drawn) & alike) > 1  # which one is drawn as well
        ref = {"dataset_id": pets, "split": split, "image": "cat/3-larger.png"}
        assert alike.isdisjoint(keys(sample(client, **body, seed=0, leave_out=[ref])))

    def test_cases_of_one_file_are_alike(self, client: TestClient) -> None:
        """Of two people: what one has already is not made a case again."""
        content, twice = png(), []
        for person in (RESEARCHER, COORDINATOR):
            become(client, person)
            case = client.post(f"{API}/cases", files={"file": ("a.png", content)}).json()["id"]
            client.put(f"{API}/cases/{case}/sharing", json={"visibility": "open"})
            twice.append(case)
        drawn = sample(client, strata="none", count=2, seed=1)
        assert len(drawn["items"]) == 1
        assert keys(drawn)[0] in twice

    def test_images_of_no_known_class_are_no_stratum_beside_others(self, client: TestClient) -> None:
        become(client, COORDINATOR)
        example = next(iter(all_examples().values()))
        client.post(f"{API}/examples/{example.key}/cases")
        coloured_cases(client, 3)
        drawn = sample(client, count=2, seed=1)
        assert [each["ref"]["truth_class"] for each in drawn["items"]] == [example.class_key]
        assert drawn["short"] == {example.class_key: 1}
        asked = sample(client, count=2, seed=1, classes=["", example.class_key])
        assert {each["ref"]["truth_class"] for each in asked["items"]} == {None, example.class_key}

    def test_images_of_no_known_class_alone(self, client: TestClient) -> None:
        coloured_cases(client, 3)
        assert len(sample(client, count=2, seed=1)["items"]) == 2

    def test_over_data_sets(self, client: TestClient, pets: str) -> None:
        own = coloured_cases(client, 5)
        for case in own[:3]:
            client.patch(f"{API}/cases/{case}", json={"dataset": "pets"})
        drawn = sample(client, strata="dataset", count=4, seed=2)
        assert Counter(each["dataset"] for each in drawn["items"]) == {"pets": 2, None: 2}

    def test_nothing_to_draw_from(self, client: TestClient) -> None:
        become(client, COORDINATOR)
        drawn = sample(client, count=4, seed=2)
        assert drawn["items"] == []
        assert drawn["short"] == {"": 4}
        assert drawn["sampling"]["population"] == 0


class TestOfStudy:
    def test_in_the_order_of_the_design(self, client: TestClient, pets: str, made: Path) -> None:
        cases = coloured_cases(client, 2)
        row = PreparedDataset.open(made).rows[0]
        design = StudyDesign(
            title="T",
            cases=[
                StudyCaseRef(case_id=cases[1], truth_class="mel"),
                StudyCaseRef(dataset_id=pets, split=row.split, image=row.key),
                StudyCaseRef(dataset_id=EXAMPLES, split="test", image="dermoscopy-nv-1"),
                StudyCaseRef(case_id=cases[0]),
                StudyCaseRef(dataset_id=pets, split="test", image="gone.png"),
            ],
        )
        study = create_study(client, design)
        found = client.get(f"{STUDIES}/{study['id']}/cases").json()["items"]
        assert [each["ref"] for each in found] == study["design"]["cases"]
        assert [each["dataset"] for each in found] == [None, "pets", EXAMPLES, None, None]
        assert [each["class_name"] for each in found][:2] == ["mel", row.label]
        assert [each["synthetic"] for each in found] == [False, False, True, False, False]
        assert found[4]["thumbnail"] is None
        assert ("error", "cases.4") in {(each["severity"], each["field"]) for each in study["problems"]}

    def test_what_one_does_not_see_is_not_told(self, client: TestClient) -> None:
        (foreign,) = coloured_cases(client, 1, RESEARCHER)
        client.patch(f"{API}/cases/{foreign}", json={"pseudonym": "Secret"})
        study = create_study(client, StudyDesign(title="T", cases=[StudyCaseRef(case_id=foreign)]))
        answer = become(client, COORDINATOR).get(f"{STUDIES}/{study['id']}/cases")
        assert "Secret" not in answer.text
        assert answer.json()["items"][0]["thumbnail"] is None
        assert ("error", "cases.0") in {(each["severity"], each["field"]) for each in study["problems"]}

    def test_of_a_published_study_as_they_were(self, client: TestClient) -> None:
        study_id = add_published(client, make_design(client, cases=2))
        with resources_of(client).database.writing() as session:
            session.query(Case).update({"pseudonym": "Renamed"})
        found = become(client, COORDINATOR).get(f"{STUDIES}/{study_id}/cases").json()["items"]
        assert [each["label"] for each in found] == ["P1", "P2", "P3"]
        assert [each["class_name"] for each in found] == ["Melanoma", "Melanocytic nevus", "Melanoma"]
        assert client.get(f"{API}{found[2]['thumbnail']}").headers["content-type"] == "image/png"


def test_readers_who_know_the_images_are_counted(client: TestClient) -> None:
    design = make_design(client, cases=3, practice=0)
    study = create_study(client, design)
    opened, shared = (ref.case_id for ref in design.cases[1:])
    client.put(f"{API}/cases/{opened}/sharing", json={"visibility": "open", "group_ids": []})
    client.put(f"{API}/cases/{shared}/sharing", json={"visibility": "groups", "group_ids": [READER.groups[0]]})

    def warnings() -> list[str]:
        problems = client.get(f"{STUDIES}/{study['id']}").json()["problems"]
        return [each["text"] for each in problems if each["field"] == "cases" and "in Vitrine already" in each["text"]]

    assert warnings() == []  # nobody is invited
    invite(client, study["id"], OTHER_READER, 0)
    assert "1 image in Vitrine" in warnings()[0]  # the open one
    invite(client, study["id"], READER, 1)
    assert "2 images in Vitrine" in warnings()[0]
    assert warnings()[0].split(": ")[1].startswith("2, 3.")


@pytest.mark.parametrize(("person", "counts"), [(COORDINATOR, True), (ADMINISTRATOR, True), (READER, False)])
def test_readers_who_are_not_blinded_are_counted(client: TestClient, person: Person, counts: bool) -> None:
    study = create_study(client, StudyDesign(title="T"))
    invite(client, study["id"], person, 0)
    texts = [each["text"] for each in become(client, COORDINATOR).get(f"{STUDIES}/{study['id']}").json()["problems"]]
    assert any("not blinded" in text for text in texts) is counts


def invite(client: TestClient, study_id: str, person: Person, slot: int) -> None:
    with resources_of(client).database.writing() as session:
        session.add(StudyReader(study_id=study_id, user_id=person.id, slot=slot))


def test_a_model_without_its_weights_is_gone(client: TestClient) -> None:
    study = create_study(client, make_design(client, cases=2))
    assert "arms.0.model_version_id" not in {each["field"] for each in study["problems"]}
    with resources_of(client).database.writing() as session:
        session.query(ModelVersion).update({"folder": "/nowhere"})
    problems = client.get(f"{STUDIES}/{study['id']}").json()["problems"]
    assert "arms.0.model_version_id" in {each["field"] for each in problems}
