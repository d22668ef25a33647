"""The command as users call it, with tiny models on real runtimes."""

import csv
import io
import json
import signal

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from app.cli import cli
from app.cli.prediction.local import LocalAsker
from app.errors import HorngateError

pytestmark = pytest.mark.usefixtures("bare_environment")

ROWS = 4000
WAIT_SECONDS = 200
ROW = '{"left": [1, 2], "right": [3, 4], "count": 5}'

SAVES_AND_WAITS = """
import signal, time
from app.cli.prediction.output import file
signal.signal(signal.SIGINT, signal.default_int_handler)
file.SAVED_SECONDS = 0.0
write = file.AnswerFile.write
def slow(self, *given):
    write(self, *given)
    if self.progress.rows > MOST: time.sleep(600)
file.AnswerFile.write = slow
"""
"""Before the command: each chunk is saved, and after the first with more rows than MOST in all nothing goes on."""


@pytest.fixture
def call(tiny_models):
    """Calls `horngate predict` with these words, on the tiny models."""

    def run(*words, **options):
        return CliRunner().invoke(cli, ["predict", *map(str, words), "--models-dir", str(tiny_models)], **options)

    return run


def picture():
    levels = np.zeros((28, 28), np.uint8)
    levels[4:24, 6:10] = 255
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    return file.getvalue()


def texts_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return [row["text"] for row in csv.DictReader(file)]


def test_a_text_is_answered_for_people(call):
    result = call("sentiment", "good film")
    assert result.exit_code == 0
    assert result.stdout.startswith("positive  0.9526  (sentiment/1 on onnx)\n")


def test_json_is_the_document_that_a_server_answers_with(call):
    document = json.loads(call("sentiment/1", "bad", "--json").stdout)
    assert document["label"] == "negative"
    assert (document["model"], document["version"]) == ("sentiment", 1)


def test_a_server_is_asked_instead(call, server_url):
    local, remote = (call("topic", "oil", "--json", *more) for more in ((), ("--url", server_url)))
    assert json.loads(local.stdout) == json.loads(remote.stdout)


def test_one_input_is_read_from_standard_input(call):
    assert call("sentiment", "-", input="bad\n").stdout.startswith("negative")
    assert call("sentiment", input="bad\n").stdout.startswith("negative")
    assert json.loads(call("digit", "-", "--json", input=picture()).stdout)["model"] == "digit"


def test_what_is_not_utf_8_or_cannot_be_read_is_one_clear_error(call, write, tmp_path, tiny_models):
    result = call("sentiment", "-", input=b"\xff\xfe")
    assert str(result.exception) == "expected UTF-8 from standard input; received byte 0xff"
    assert "expected UTF-8 from" in str(call("adder", write("row.json", b"\xff")).exception)
    assert json.loads(call("adder", "-", "--json", input=ROW).stdout)["outputs"]["tripled"] == 15
    words = ["explain", "adder", str(tmp_path), "--models-dir", str(tiny_models)]
    assert "cannot be read: Is a directory" in str(CliRunner().invoke(cli, words).exception)


def test_a_picture_is_read_from_its_file(call, write):
    assert len(call("digit", write("a.png", picture())).stdout.splitlines()) == 11


@pytest.mark.parametrize("given", ['{"left": [1, 2], "right": [3, 4], "count": 5}', "a file"])
def test_a_row_of_tensors_is_json(call, write, given):
    if given == "a file":
        given = write("row.json", '{"left": [1, 2], "right": [3, 4], "count": 5}')
    assert json.loads(call("adder", given, "--json").stdout)["outputs"] == {"sum": [4.0, 6.0], "tripled": 15}


def test_the_only_tensor_needs_no_name(simple_models):
    words = ["predict", "scores", "[0.1, 0.7, 0.2]", "--models-dir", str(simple_models)]
    assert CliRunner().invoke(cli, words).stdout.startswith("dog  0.7000")


def test_a_file_is_answered_row_by_row(call, write):
    data = write("reviews.csv", "text\ngood film\n\nbad\n")
    result = call("sentiment", data)
    assert result.exit_code == 0, result.output
    assert "reviews.answers.csv" in result.stdout
    assert texts_of(data.with_name("reviews.answers.csv")) == ["good film", "bad"]
    assert call("sentiment", data, "--resume").stdout.endswith("is whole already\n")
    assert json.loads(call("sentiment", data, "--resume", "--json").stdout)["is_whole"] is True
    assert isinstance(call("sentiment", data).exception, HorngateError)
    assert json.loads(call("sentiment", data, "--force", "--json").stdout)["rows"] == 2


def test_a_folder_of_pictures_is_answered_file_by_file(call, write, tmp_path):
    write("pictures/a/1.png", picture())
    write("pictures/b.png", b"no picture")
    result = call("digit", tmp_path / "pictures", "--out", tmp_path / "a.jsonl")
    assert result.exit_code == 1
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["file"] for row in rows] == ["a/1.png", "b.png"]
    assert [row["error"] is None for row in rows] == [True, False]
    assert "1 rows have no answer" in result.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["sentiment", "revews.csv"], "there is no file revews.csv"),
        (["digit", "absent.png"], "there is no file absent.png"),
        (["adder", "nothing"], 'expected a row of adder/1 in JSON, such as \'{"left": …'),
        (["adder", "[1]"], "expected a row of each input by name"),
        (["adder", '{"lef": [1]}'], "expected the inputs left, right, count; did you mean 'left'?"),
        (["sentiment", " "], "expected a text with at least one visible character"),
        (["sentimet", "good"], "did you mean 'sentiment'?"),
    ],
)
def test_what_cannot_be_asked_is_one_clear_error(call, words, message):
    result = call(*words)
    assert isinstance(result.exception, HorngateError)
    assert message in str(result.exception)


def test_a_text_in_a_file_is_told_how_to_be_asked(call, write, tmp_path):
    result = call("sentiment", write("review.txt", "good"))
    assert "to ask about what is in it: horngate predict MODEL - < " in str(result.exception)
    (tmp_path / "reviews.csv").write_text("")
    assert "did you mean 'reviews.csv'?" in str(call("sentiment", tmp_path / "revews.csv").exception)


def test_a_text_that_no_path_can_be_is_a_text(call):
    assert call("sentiment", "good " * 2000).exit_code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["good", "--resume", "--force"], "expected --resume or --force; received both"),
        (["good", "--out", "a.csv"], "go with a file or a folder"),
    ],
)
def test_options_that_do_not_go_together_are_refused(call, words, message):
    result = call("sentiment", *words)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.fixture
def long_table(write):
    return write("long.csv", "text\n" + "".join(f"good film {number}\n" for number in range(ROWS)))


@pytest.fixture
def begin(start, tiny_models, long_table):
    """Starts the command on that table, to write to a file, after some code of the test's."""

    def call(out, before):
        return start("predict", "sentiment", long_table, "--out", out, "--models-dir", tiny_models, before=before)

    return call


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_killed_run_is_gone_on_with_exactly_where_it_stopped(call, begin, eventually, long_table, ending):
    """The run waits after its second chunk, so that the kill meets it in the middle however slow the machine is."""
    out = long_table.with_name(f"a.{ending}")
    process = begin(out, SAVES_AND_WAITS.replace("MOST", "1000"))
    progress = out.with_name(f"a.{ending}.progress")
    eventually(lambda: progress.exists() and json.loads(progress.read_text())["rows"] == 1024, WAIT_SECONDS)
    process.kill()
    process.wait()
    assert not out.exists()
    with out.with_name(f"a.{ending}.partial").open("ab") as file:
        file.write(b"what was written when it died")
    assert "go on with --resume" in str(call("sentiment", long_table, "--out", out).exception)
    result = call("sentiment", long_table, "--out", out, "--resume", "--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert (document["rows_before"], document["rows"]) == (1024, ROWS)
    if ending == "csv":
        assert texts_of(out) == [f"good film {number}" for number in range(ROWS)]
    else:
        import pyarrow.parquet as pq

        assert pq.read_table(out)["text"].to_pylist() == [f"good film {number}" for number in range(ROWS)]


def test_after_ctrl_c_it_says_how_to_go_on(begin, eventually, tmp_path):
    out = tmp_path / "a.jsonl"
    process = begin(out, SAVES_AND_WAITS.replace("MOST", "0"))
    progress = tmp_path / "a.jsonl.progress"
    eventually(lambda: progress.exists() and json.loads(progress.read_text())["rows"] == 512, WAIT_SECONDS)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 130
    assert "Interrupted after 512 rows; go on with --resume" in output


def test_the_exit_code_after_ctrl_c_is_that_of_shells(call, write, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(LocalAsker, "ask", interrupted)
    result = call("sentiment", write("a.csv", "text\ngood\n"), "--json")
    assert result.exit_code == 130
    assert json.loads(result.stdout)["is_whole"] is False


def test_a_terminal_is_not_waited_for(call, monkeypatch):
    monkeypatch.setattr("app.cli.predict.is_terminal", lambda: True)
    result = call("sentiment")
    assert result.exit_code == 2
    assert "try: horngate predict sentiment 'A text" in result.stderr


def test_a_full_disk_loses_nothing(call, begin, long_table, tmp_path):
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))"
    out = tmp_path / "a.jsonl"
    process = begin(out, full)
    _, errors = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 2
    assert errors.startswith("horngate: cannot write ")
    assert errors.count("\n") == 1
    result = call("sentiment", long_table, "--out", out, "--resume", "--json")
    document = json.loads(result.stdout)
    assert document["rows_before"] > 0
    lines = out.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == [f"good film {number}" for number in range(ROWS)]
