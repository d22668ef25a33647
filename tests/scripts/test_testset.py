import pytest
from click.testing import CliRunner

from scripts import testset


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Runs the command in an empty folder; gives exit status and output."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments):
        result = CliRunner().invoke(testset.main, [str(argument) for argument in arguments])
        return result.exit_code, result.output

    return invoke


def test_every_data_sets_test_part_becomes_a_file(call, recipe_file, tmp_path, texts):
    status, told = call(recipe_file())
    assert status == 0
    assert f"runs/test/{texts.name}.jsonl.gz: 12 rows\n" in told
    assert (tmp_path / "runs" / "test" / f"{texts.name}.jsonl.gz").is_file()


def test_what_was_left_out_is_told(call, recipe_file, tmp_path):
    for name, rows in (("train", "fine\tpos\ndull\tneg\n"), ("test", "Fine!\tpos\nnew\tneg\n")):
        (tmp_path / f"{name}.txt").write_text(rows, encoding="utf-8")
    recipe = recipe_file()
    text = recipe.read_text(encoding="utf-8")
    start = text.index("datasets")
    recipe.write_text(text[:start] + f'datasets = ["texts:{tmp_path}"]\n' + text[text.index("\n", start) + 1 :])
    status, told = call(recipe, "--output", "out")
    assert status == 0
    assert "1 rows\n  1 left out: the training part has it too" in told


def test_a_recipe_that_is_not_there_is_one_line(call):
    status, told = call("absent.toml")
    assert (status, "absent.toml: no such file" in told, "Traceback" in told) == (1, True, False)
