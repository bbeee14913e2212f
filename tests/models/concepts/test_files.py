"""Concept sets as files: what is read, what is refused and with which words."""

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.concepts import (
    ClassLabel,
    ConceptSet,
    ConceptSetError,
    Group,
    Option,
    available_concept_sets,
    dump_concept_set,
    load_concept_set,
    parse_concept_set,
)

LIBRARY = ("busi", "cardio", "cmmd", "idrid", "isic2018", "nct_crc_he", "retina", "siim")

TINY = """\
name: tiny
version: 1
title: Tiny
modality: test
prompt: "an image, {group}: {option}"
classes:
  - {key: a, name: Class A}
  - {key: b, name: Class B}
groups:
  - key: shape
    name: Shape
    options:
      - {key: round, text: round, source: s}
      - {key: oval, text: oval, source: s}
class_options:
  a: {shape: oval}
  b: {shape: round}
"""


def test_the_library_lists_what_it_can_load() -> None:
    assert available_concept_sets() == LIBRARY
    for name in available_concept_sets():
        assert load_concept_set(name).name == name


@pytest.mark.parametrize("name", LIBRARY)
def test_written_and_read_back_it_is_the_same(name: str, tmp_path: Path) -> None:
    original = load_concept_set(name)
    dump_concept_set(original, tmp_path / "copy.yaml")

    again = load_concept_set(tmp_path / "copy.yaml")
    assert again == original
    assert again.digest() == original.digest()
    assert [path.name for path in tmp_path.iterdir()] == ["copy.yaml"]


keys = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
lines = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=60).filter(
    lambda text: bool(text.strip())
)
groups = st.builds(
    Group,
    key=keys,
    name=lines,
    localizable=st.booleans(),
    options=st.lists(
        st.builds(Option, key=keys, text=lines, source=lines),
        min_size=1,
        max_size=4,
        unique_by=(lambda option: option.key, lambda option: option.text.strip().casefold()),
    ).map(tuple),
)


@settings(max_examples=50, deadline=None)
@given(content=st.lists(groups, min_size=1, max_size=3, unique_by=lambda group: group.key))
def test_any_wording_survives_the_file(content: list, tmp_path_factory) -> None:
    original = ConceptSet(
        name="any",
        version=3,
        title="Any",
        modality="test",
        prompt="{group}, {option}",
        classes=(ClassLabel(key="a", name="A"), ClassLabel(key="b", name="B")),
        groups=tuple(content),
        class_options={"a": {content[0].key: content[0].options[0].key}},
    )
    path = tmp_path_factory.mktemp("sets") / "any.yaml"
    dump_concept_set(original, path)
    assert load_concept_set(path).digest() == original.digest()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{key: b, name: Class B}", "{key: a, name: Class B}", "class key 'a' stands 2 times"),
        ("{key: oval, text", "{key: round, text", "group 'shape': option key 'round' stands 2"),
        ("text: oval", "text: Round", "group 'shape': wording 'round' stands 2 times"),
        ("  b: {shape", "  c: {shape", "class 'c': no such class; classes are a, b"),
        ("b: {shape: round", "b: {shap: round", "no group 'shap'; groups are shape"),
        ("b: {shape: round", "b: {shape: rond", "no option 'rond'; options are round, oval"),
        ("{group}: {option}", "{option}", "prompt: {group} is missing; add it"),
        ("{group}: {option}", "{group}", "prompt: {option} is missing; add it"),
        ("{group}: {option}", "{group} {option} {0}", "prompt: {0} is not a field"),
        ("{group}: {option}", "{group} {option.key}", "prompt: {option.key} is not a field"),
        ("{group}: {option}", "{group:>9} {option}", "prompt: {group} takes no format of its own"),
        ("{group}: {option}", "{group} {option", "prompt: expected '}'"),
        ("key: shape", "key: Shape!", "group 'Shape!', key: 'Shape!' is not a key"),
        ("key: round, text", "key: 3d, text", "option '3d', key: '3d' is not a key"),
        ("text: oval, source: s", "text: oval", "group 'shape', option 'oval', source: is missing"),
        ("text: oval", "text: oval, txt: x", "option 'oval', txt: is not a known field"),
        ("text: oval", "text: 5", "option 'oval', text: is 5, not text; put it in quotes"),
        ("version: 1", "version: 0", "version: "),
        ("title: Tiny\n", "", "title: is missing; add it"),
        ("title: Tiny", "title: ''", "title: "),
        ("title: Tiny", "title: Tiny\ntitle: Two", "line 4, column 1: 'title' stands twice"),
        ("{shape: oval}", "&x {shape: oval}\n  c: *x", "aliases (*name) are not read"),
        ("prompt: ", "prompt: [", "not valid YAML: line"),
    ],
)
def test_mistakes_are_named_with_their_place(old: str, new: str, message: str) -> None:
    assert TINY.count(old) >= 1
    with pytest.raises(ConceptSetError) as caught:
        parse_concept_set(TINY.replace(old, new, 1), origin="mine.yaml")
    assert message in str(caught.value)
    assert all(line.startswith("mine.yaml: ") for line in str(caught.value).splitlines())


def test_an_empty_group_is_refused() -> None:
    text = TINY[: TINY.index("    options:")] + "    options: []\n"
    with pytest.raises(ConceptSetError, match="group 'shape', options: has 0; at least 1 needed"):
        parse_concept_set(text)


def test_all_mistakes_come_at_once() -> None:
    text = TINY.replace("shape: round", "shape: rond").replace("{key: b,", "{key: a,")
    with pytest.raises(ConceptSetError) as caught:
        parse_concept_set(text)
    assert len(str(caught.value).splitlines()) == 3  # class key twice, no class b, no option rond


@pytest.mark.parametrize("text", ["", "just words", "- a\n- list", "5"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(ConceptSetError, match="expected a mapping"):
        parse_concept_set(text)


@pytest.mark.parametrize("text", ["a: 2001-99-99", "[" * 5000, "{[a]: b}", "!!python/object:os.x {}"])
def test_what_yaml_itself_trips_over_is_refused(text: str) -> None:
    with pytest.raises(ConceptSetError, match="not valid YAML"):
        parse_concept_set(text)


def test_a_field_that_is_a_number_is_named() -> None:
    with pytest.raises(ConceptSetError, match="concept set: 0: Keys should be strings"):
        parse_concept_set("0:")


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=string.printable, max_size=200))
def test_no_text_raises_anything_else(text: str) -> None:
    with pytest.raises(ConceptSetError):
        parse_concept_set(text)


def test_unknown_names_and_files_say_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(ConceptSetError, match=r"no such concept set; shipped are busi, cardio, .*, siim"):
        load_concept_set("isic")
    with pytest.raises(ConceptSetError, match="no such file"):
        load_concept_set(tmp_path / "missing.yaml")
    with pytest.raises(ConceptSetError, match="no such file"):
        load_concept_set("nowhere/isic2018.yaml")


def test_files_that_are_not_text_or_far_too_large_are_refused(tmp_path: Path) -> None:
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConceptSetError, match="cannot be read as UTF-8"):
        load_concept_set(binary)
    large = tmp_path / "large.yaml"
    large.write_text(TINY + "#" * 1024 * 1024)
    with pytest.raises(ConceptSetError, match="larger than 1 MiB"):
        load_concept_set(large)
