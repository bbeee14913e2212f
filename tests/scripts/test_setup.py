"""``scripts/setup.sh`` with stand-ins for python, node and npm that only write down what they were asked.

The script's own logic is what is tested: what it runs, what it skips, and what it says when something is missing.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("bash", "dirname", "cat", "cksum", "tr", "awk", "df", "find", "sort", "xargs", "mkdir", "rm", "cp", "touch")

# Each call writes one word to the file `log` and fails when that word is the one in FAIL.
PYTHON = """#!/bin/bash
note() { echo "$1" >> log; [ "$1" != "${FAIL:-}" ]; }
case "$*" in
  --version) echo "Python ${PYTHON_SAYS:-3.11.9}" ;;
  -c*version_info*) [ "${PYTHON_SAYS:-}" != 3.10.1 ] ;;
  -c*) ;;
  *"-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python; note venv ;;
  *install*torch==*) note torch ;;
  *install*requirements.txt) note runtime ;;
  *install*requirements-dev.txt) note dev ;;
  *install*"-e .") note vitrine ;;
  *) exit 99 ;;
esac
"""
NODE = """#!/bin/bash
[ "$1" = --version ] && echo "${NODE_SAYS:-v20.19.0}" && exit 0
[ -z "${NODE_SAYS:-}" ]
"""
NPM = """#!/bin/bash
note() { echo "$1" >> log; [ "$1" != "${FAIL:-}" ]; }
case "$*" in
  "--prefix frontend ci"*) note ci && mkdir -p frontend/node_modules ;;
  "--prefix frontend run build") note build && mkdir -p frontend/dist && touch frontend/dist/index.html ;;
  *) exit 99 ;;
esac
"""
EVERYTHING = ["venv", "torch", "runtime", "vitrine", "ci", "build"]


class Project:
    """A copy of the script in a folder of its own, with only stand-ins on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bin = folder / "project", folder / "bin"
        self.bin.mkdir(parents=True)
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or pytest.fail(f"{tool} is not on this machine"))
        for name, text in (("python3", PYTHON), ("node", NODE), ("npm", NPM)):
            (self.bin / name).write_text(text)
            (self.bin / name).chmod(0o755)
        shutil.copytree(ROOT / "scripts", self.folder / "scripts")
        (self.folder / "frontend").mkdir()
        (self.folder / "backend").mkdir()
        for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml", "backend/openapi.json",
                     "frontend/package.json", "frontend/package-lock.json", "frontend/app.ts"):  # fmt: skip
            (self.folder / name).write_text(name)

    def setup(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        log = self.folder / "log"
        log.unlink(missing_ok=True)
        return subprocess.run(
            ["bash", "scripts/setup.sh", *arguments], cwd=self.folder, env={"PATH": str(self.bin), **variables},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def steps(self) -> list[str]:
        """What the last setup did."""
        log = self.folder / "log"
        return log.read_text().split() if log.exists() else []


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_first_setup_does_everything_and_a_second_one_nothing(project: Project) -> None:
    first = project.setup()
    assert first.returncode == 0, first.stderr
    assert project.steps() == EVERYTHING

    second = project.setup()
    assert second.returncode == 0, second.stderr
    assert project.steps() == []
    assert second.stdout == ""


def test_torch_comes_before_everything_that_depends_on_it(project: Project) -> None:
    project.setup("--dev")
    assert project.steps() == ["venv", "torch", "runtime", "dev", "vitrine", "ci", "build"]


@pytest.mark.parametrize(
    ("changed", "steps"),
    [
        ("requirements.txt", ["runtime"]),
        ("pyproject.toml", ["vitrine"]),
        ("frontend/package-lock.json", ["ci", "build"]),
        ("frontend/app.ts", ["build"]),
        ("requirements-dev.txt", []),
    ],
)
def test_only_what_depends_on_a_change_is_done_again(changed: str, steps: list[str], project: Project) -> None:
    project.setup()
    (project.folder / changed).write_text("other")
    assert project.setup().returncode == 0
    assert project.steps() == steps


def test_removed_builds_are_made_again(project: Project) -> None:
    project.setup()
    shutil.rmtree(project.folder / "frontend" / "dist")
    project.setup()
    assert project.steps() == ["build"]
    shutil.rmtree(project.folder / "frontend" / "node_modules")
    project.setup()
    assert project.steps() == ["ci"]
    shutil.rmtree(project.folder / ".venv")
    project.setup()
    assert project.steps() == EVERYTHING


@pytest.mark.parametrize(
    ("fail", "done"), [("torch", EVERYTHING[:2]), ("runtime", EVERYTHING[:3]), ("build", EVERYTHING)]
)
def test_a_step_that_failed_is_named_and_done_again(fail: str, done: list[str], project: Project) -> None:
    broken = project.setup(FAIL=fail)
    assert broken.returncode != 0
    assert "setup stopped at: " in broken.stderr
    assert "no C compiler is here" in broken.stderr, "the stand-in path has none"
    assert project.steps() == done

    assert project.setup().returncode == 0
    assert project.steps() == EVERYTHING[len(done) - 1 :]


@pytest.mark.parametrize(
    ("missing", "variables", "sentence"),
    [
        ("python3", {}, "Python 3.11 or newer is needed; python3 is not there"),
        (None, {"PYTHON_SAYS": "3.10.1"}, "Python 3.11 or newer is needed; python3 is Python 3.10.1"),
        (None, {"PYTHON": "/nowhere/python"}, "Python 3.11 or newer is needed; /nowhere/python is not there"),
        ("node", {}, "Node.js 20.19 or newer is needed to build the page and was not found"),
        (None, {"NODE_SAYS": "v18.1.0"}, "Node.js v18.1.0 is too old"),
        ("npm", {}, "npm is needed to build the page"),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(
    missing: str | None, variables: dict[str, str], sentence: str, project: Project
) -> None:
    if missing:
        (project.bin / missing).unlink()
    result = project.setup(**variables)

    assert result.returncode == 1
    assert sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (project.folder / ".venv").exists()


def test_an_environment_that_is_there_is_kept(project: Project) -> None:
    (project.folder / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(project.bin / "python3", project.folder / ".venv" / "bin" / "python")
    project.setup()
    assert project.steps() == EVERYTHING[1:]


def test_a_linked_environment_that_is_broken_is_not_cleared(project: Project, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").touch()
    (project.folder / ".venv").symlink_to(elsewhere)
    result = project.setup()
    assert result.returncode == 1
    assert "remove the link" in result.stderr
    assert [path.name for path in elsewhere.iterdir()] == ["precious"]
