"""``vitrine concepts``: templates and checks."""

from pathlib import Path

from typer.testing import CliRunner

from backend.cli.main import app


def run(*arguments: str):
    return CliRunner().invoke(app, ["concepts", *arguments])


def test_a_template_is_written_checked_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    result = run("template", "--classes", "Benign,Malignant (any)", "--name", "mine", "--out", str(path))
    assert result.exit_code == 0, result.output
    assert "malignant_any" in path.read_text()

    checked = run("check", str(path))
    assert checked.exit_code == 0, checked.output
    assert "mine, version 1: 2 classes, 4 options" in checked.output
    assert "group 'shape', option 'shape_1': still says 'CHANGE ME'" in checked.output

    again = run("template", "--classes", "a,b", "--out", str(path))
    assert again.exit_code == 2
    assert "is there already" in again.output


def test_a_template_goes_to_the_terminal(tmp_path: Path) -> None:
    result = run("template", "--classes", "a,b")
    assert result.exit_code == 0
    (tmp_path / "x.yaml").write_text(result.stdout)
    assert run("check", str(tmp_path / "x.yaml")).exit_code == 0


def test_bad_names_are_refused(tmp_path: Path) -> None:
    assert run("template", "--classes", "a").exit_code == 2
    result = run("template", "--classes", "a,b", "--name", "Not A Name")
    assert result.exit_code == 2
    assert "template: name: 'Not A Name' is not a key" in result.output
    assert run("template", "--classes", "a,b", "--out", str(tmp_path / "no" / "x.yaml")).exit_code == 1


def test_a_mistake_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    run("template", "--classes", "a,b", "--out", str(path))
    path.write_text(path.read_text().replace("    shape: shape_2", "    shape: shape_9"))
    result = run("check", str(path))
    assert result.exit_code == 2
    assert "no option 'shape_9'; options are shape_1, shape_2" in result.output
    assert run("check", "nothing").exit_code == 2


def test_shipped_sets_are_compared_as_the_encoder_reads_them() -> None:
    result = run("check", "busi", "--encoder", "vitrine_small")
    assert result.exit_code == 0, result.output
    assert "Nothing to improve." in result.output
    assert run("check", "busi", "--encoder", "no_such_encoder").exit_code == 2
