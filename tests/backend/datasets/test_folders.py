"""The folder browser: everything below the import folders, nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from backend.datasets.errors import ImportFolderNotFound, OutsideImportFolders
from backend.datasets.folders import browse, find_file, find_folder, meant, shown
from tests.support.server import API, StartServer, assert_error

FOLDERS = f"{API}/import-folders"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    for name in ("part 2", "part 10", "Part 1", ".hidden"):
        (root / name).mkdir(parents=True)
    for name in ("a.png", "b.JPG", "c.dcm", "table.csv", ".secret.png"):
        (root / name).touch()
    (tmp_path / "elsewhere" / "inner").mkdir(parents=True)
    return root


def test_a_folder_with_what_it_holds(root: Path) -> None:
    found = browse([root], None)
    assert (found.root, found.path, found.parent) == (str(root), str(root), None)
    assert [folder.name for folder in found.folders] == ["Part 1", "part 2", "part 10"]
    assert (found.image_files, found.other_files) == (3, 1)


def test_down_and_up_again(root: Path) -> None:
    below = browse([root], browse([root], None).folders[0].path)
    assert (below.path, below.parent, below.root) == (str(root / "Part 1"), str(root), str(root))
    assert browse([root], below.parent) == browse([root], None)


def test_several_import_folders_have_a_place_above_them(root: Path, tmp_path: Path) -> None:
    roots = [root, tmp_path / "elsewhere"]
    top = browse(roots, None)
    assert [folder.path for folder in top.folders] == [str(path) for path in roots]
    assert (top.root, top.path, top.parent) == ("", "", None)
    second = browse(roots, str(roots[1]))
    assert (second.root, second.parent) == (str(roots[1]), "")
    assert browse(roots, second.parent) == top


@pytest.mark.parametrize(
    "path",
    ["/", "/etc", "etc", ".", "..", "{root}/..", "{root}/../elsewhere", "{root}/part 2/../../elsewhere", "{root}x",
     "{root}/out", "{root}/out/inner", "{root}/../root/part 2", "~", "{parent}"],
)  # fmt: skip
def test_no_way_out(root: Path, path: str) -> None:
    (root / "out").symlink_to(root.parent / "elsewhere")
    (root.parent / "rootx").mkdir()
    with pytest.raises(OutsideImportFolders):
        find_folder([root], path.format(root=root, parent=root.parent))


def test_links_that_lead_out_are_not_shown_and_links_within_are(root: Path) -> None:
    (root / "out").symlink_to(root.parent / "elsewhere")
    (root / "within").symlink_to(root / "part 2")
    (root / "nowhere").symlink_to(root / "missing")
    (root / "round").symlink_to(root / "round")
    names = [folder.name for folder in browse([root], None).folders]
    assert "within" in names
    assert not {"out", "nowhere", "round"} & set(names)
    assert find_folder([root], f"{root}/within") == (root, root / "within")


def test_an_import_folder_may_itself_be_a_link(root: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(root)
    assert [folder.name for folder in browse([link], None).folders] == ["Part 1", "part 2", "part 10"]


@pytest.mark.parametrize("path", ["{root}/missing", "{root}/a.png", "{root}/" + "x" * 300, "{root}/" + "x/" * 1900])
def test_what_is_not_there_is_said(root: Path, path: str) -> None:
    with pytest.raises(ImportFolderNotFound, match="cannot be read"):
        find_folder([root], path.format(root=root))


def test_whether_something_exists_elsewhere_is_not_told(root: Path) -> None:
    answers = set()
    for path in (root.parent / "elsewhere", root.parent / "not there"):
        with pytest.raises(OutsideImportFolders) as caught:
            find_folder([root], str(path))
        answers.add(caught.value.detail.replace(str(path), ""))
    assert len(answers) == 1


@pytest.mark.parametrize("name", ["Größe", "with\nline", "tab\t", 'quo"te', "a%2Fb", "ꜰ", " ", "emoji 🩺", "\x1b[31m"])
def test_odd_names_survive(root: Path, name: str) -> None:
    (root / name / "inner").mkdir(parents=True)
    entry = next(folder for folder in browse([root], None).folders if folder.name == name)
    assert [folder.name for folder in browse([root], entry.path).folders] == ["inner"]


def test_names_that_are_not_unicode_survive_json(root: Path) -> None:
    odd = os.fsdecode(b"caf\xe9 \xff")
    (root / odd / "inner").mkdir(parents=True)
    listing = browse([root], None)
    listing.model_dump_json().encode()  # lone surrogates would fail here
    entry = next(folder for folder in listing.folders if folder.name.startswith("caf"))
    assert browse([root], entry.path).folders[0].name == "inner"
    assert meant(shown(root / odd)) == root / odd


def test_files_named_in_settings_stay_inside(root: Path) -> None:
    (root / "leak.csv").symlink_to(root.parent / "elsewhere")
    assert find_file(root, "table.csv") == "table.csv"
    assert find_file(root, "not-there.csv") == "not-there.csv"
    for name in ("../elsewhere/x.csv", "/etc/passwd", "leak.csv", "a/../../x"):
        with pytest.raises(OutsideImportFolders):
            find_file(root, name)


def test_the_default_import_folder_is_made_at_start(client: TestClient, tmp_path: Path) -> None:
    found = client.get(FOLDERS).json()
    assert found["path"] == str(tmp_path / "data" / "import")
    assert (found["folders"], found["image_files"], found["parent"]) == ([], 0, None)


def test_over_http(start_server: StartServer, root: Path, tmp_path: Path) -> None:
    client = start_server(import_dirs=(root, tmp_path / "missing"))
    assert [folder["path"] for folder in client.get(FOLDERS).json()["folders"]] == [str(root), f"{tmp_path}/missing"]
    assert client.get(FOLDERS, params={"path": str(root)}).json()["image_files"] == 3
    assert_error(client.get(FOLDERS, params={"path": "/etc"}), 403, "outside_import_folders")
    assert_error(client.get(FOLDERS, params={"path": f"{tmp_path}/missing"}), 404, "import_folder_not_found")
    assert_error(client.get(FOLDERS, params={"path": f"{root}/\0"}), 422, "validation_failed")
    assert not (tmp_path / "missing").exists()  # a folder of the site's is not ours to make
