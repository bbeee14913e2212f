"""The concept sets that ship: one for each of the eight medical data sets."""

from collections import Counter

import pytest

from models.concepts import ConceptSet, available_concept_sets, load_concept_set

NAMES = available_concept_sets()

# Groups that the data set labels for each image, so that the class table need not show all of their options.
PER_IMAGE = {
    "idrid": {"macular_edema_risk"},
    "cardio": {"effusion", "congestion", "mediastinum"},
    "cmmd": {
        "abnormality", "mass_shape", "mass_margin", "mass_density", "calcification_form", "calcification_spread",
    },
}  # fmt: skip

# Groups that a class says nothing about, in words above the table of the file.
SILENT = {("idrid", "pdr"): {"cotton_wool", "irma"}}


@pytest.fixture(params=NAMES)
def shipped(request: pytest.FixtureRequest) -> ConceptSet:
    return load_concept_set(request.param)


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("busi", "c2a451ece0"),
        ("isic2018", "8b538342b9"),
    ],
)
def test_sets_that_shipped_models_carry_stay_as_they_are(name: str, digest: str) -> None:
    assert load_concept_set(name).digest().startswith(digest)


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("nct_crc_he", "adi back deb lym muc mus norm str tum"),
        ("idrid", "no_dr mild_npdr moderate_npdr severe_npdr pdr"),
        ("retina", "normal cataract glaucoma retina_disease"),
        ("siim", "no_pneumothorax pneumothorax"),
        ("cardio", "no_cardiomegaly cardiomegaly"),
        ("cmmd", "benign malignant"),
    ],
)
def test_class_keys_are_fixed(name: str, classes: str) -> None:
    assert " ".join(load_concept_set(name).class_keys) == classes


def test_each_has_four_to_eight_groups_and_several_with_a_place(shipped: ConceptSet) -> None:
    assert 4 <= shipped.group_count <= 8
    assert sum(group.localizable for group in shipped.groups) >= 3
    assert all(len(group.options) >= 2 for group in shipped.groups)


def test_every_option_has_synonyms_and_a_source_that_can_be_looked_up(shipped: ConceptSet) -> None:
    for group in shipped.groups:
        for option in group.options:
            assert 2 <= len(option.synonyms) <= 3
            plain = "term" in option.source
            assert plain or any(str(year) in option.source for year in range(1900, 2027)), option.source


def test_classes_are_told_apart_by_their_options(shipped: ConceptSet) -> None:
    rows = shipped.class_table()
    for index, row in enumerate(rows):
        for other in rows[:index]:
            assert any(a != b for a, b in zip(row, other, strict=True) if a >= 0 and b >= 0)


def test_every_option_can_be_learned(shipped: ConceptSet) -> None:
    """From a class that shows it, or from the labels of single images."""
    per_image = PER_IMAGE.get(shipped.name, set())
    table = shipped.class_table()
    for k, group in enumerate(shipped.groups):
        shown = {row[k] for row in table} - {-1}
        assert group.key in per_image or shown == set(range(len(group.options))), group.key
        for key, row in zip(shipped.class_keys, table, strict=True):
            silent = group.key in per_image or group.key in SILENT.get((shipped.name, key), set())
            assert row[k] >= 0 or silent, f"{key} says nothing about {group.key}"


def test_no_group_is_the_class_under_another_name() -> None:
    """Where there are many classes, several share an option of each group."""
    for name in ("nct_crc_he", "isic2018", "idrid"):
        shipped = load_concept_set(name)
        columns = list(zip(*shipped.class_table(), strict=True))
        renamed = [g.key for g, column in zip(shipped.groups, columns, strict=True) if len(set(column)) == len(column)]
        # isic2018 shipped with two such groups (colour and pattern name each diagnosis), which stay: models carry it
        assert renamed == (["color", "pattern"] if name == "isic2018" else [])


def test_no_wording_stands_for_two_options() -> None:
    wordings = Counter(
        text.casefold()
        for name in NAMES
        for group in load_concept_set(name).groups
        for option in group.options
        for text in (option.text, *option.synonyms)
    )
    assert [text for text, count in wordings.items() if count > 1] == []
