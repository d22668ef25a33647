import click
import pytest
from click.testing import CliRunner

from app.cli.rows import rows_options


@pytest.fixture
def read():
    """What a command with the options is called with."""

    def read(*words):
        given = {}

        @click.command()
        @rows_options
        def command(**options):
            given.update(options)

        result = CliRunner().invoke(command, [str(word) for word in words])
        return given if result.exit_code == 0 else result.stderr

    return read


def test_columns_and_labels_are_lists(read):
    given = read("--text-column", "title, body", "--label-column", "kind", "--labels", "0=negative, 1 = positive")
    assert given["text_column"] == ("title", "body")
    assert given["label_column"] == "kind"
    assert given["labels"] == {"0": "negative", "1": "positive"}


def test_without_options_the_usual_is_meant(read, bare_environment):
    given = read()
    assert (given["text_column"], given["label_column"], given["labels"]) == ((), None, {})
    assert (str(given["models_dir"]), given["runtime"], given["as_json"]) == ("models", None, False)


@pytest.mark.parametrize("value", ["negative", "0=", "=negative", "0=negative,"])
def test_labels_that_are_no_pairs_are_refused(read, value):
    assert "expected pairs such as 0=negative,1=positive" in read("--labels", value)


def test_a_file_to_leave_out_must_be_there(read, tmp_path):
    assert "does not exist" in read("--without", tmp_path / "absent.csv")
