"""The command as users call it, with tiny models on real runtimes."""

import csv
import json

import pytest
from click.testing import CliRunner

from app.cli.evaluate import evaluate
from app.cli.evaluation import session
from app.cli.evaluation.asking import Answers, ask_all
from app.errors import HorngateError

pytestmark = pytest.mark.usefixtures("bare_environment")


@pytest.fixture
def call(tiny_models):
    """Calls `horngate evaluate` with these words, on the tiny models."""
    return lambda *words: CliRunner().invoke(evaluate, [*map(str, words), "--models-dir", str(tiny_models)])


@pytest.fixture
def reviews(write):
    return write("d/reviews.csv", "review,sentiment\ngood film,1\nbad film,0\ngood,0\n")


def test_the_figures_are_printed_and_every_row_written(call, reviews, tmp_path):
    output = tmp_path / "predictions.csv"
    result = call("sentiment", reviews, "--output", output)
    assert result.exit_code == 0, result.output
    assert "accuracy          0.6667" in result.stdout
    assert len(list(csv.DictReader(output.read_text(encoding="utf-8").splitlines()))) == 3


@pytest.mark.parametrize("runtime", ["onnx", "openvino"])
def test_every_runtime_gives_the_same_figures(call, reviews, runtime):
    if runtime == "openvino":
        pytest.importorskip("openvino", reason="needs the openvino extra")
    document = json.loads(call("sentiment/1", reviews, "--json", "--runtime", runtime).stdout)
    assert document["accuracy"]["value"] == pytest.approx(2 / 3, abs=1e-6)
    assert document["runtime"] == runtime


def test_news_without_a_header_are_measured_with_the_models_own_labels(call, write):
    news = write("news.csv", '"3","Oil","up"\n"2","Goal","late"\n"3","oil","down"\n')
    words = ["--text-column", "2,3", "--label-column", "1", "--labels", "2=Sports,3=Business", "--json"]
    assert json.loads(call("topic", news, *words).stdout)["accuracy"]["value"] == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "", "received an empty file"),
        ("a.csv", "text,label\ngood,1\nfine,1\n", "received only positive"),
        ("a.csv", "text,label\ngood,1\nfine,2\n", "a.csv:3: expected a label of 0, 1; received '2'"),
        ("a.csv", "text,lable\ngood,1\n", "received 'text', 'lable'; name it with --label-column"),
        ("a.csv", "text,label\n很好,1\n".encode("gbk"), "a.csv:2, byte 0xba: bytes that are not UTF-8"),
        ("a.csv", "text,label\ngood,1\n".encode("utf-16"), "received UTF-16"),
        ("a.csv.gz", b"", "received an empty file"),
    ],
)
def test_what_cannot_be_measured_on_is_one_clear_error(call, write, name, content, message):
    result = call("sentiment", write(f"d/{name}", content))
    assert isinstance(result.exception, HorngateError)
    assert message in str(result.exception)
    assert "\n" not in str(result.exception)


def test_data_that_are_not_there_are_refused(call, tmp_path):
    result = call("sentiment", tmp_path / "absent.csv")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_after_ctrl_c_the_rows_that_were_answered_are_told(call, reviews, monkeypatch):
    def interrupted(models, labelled):
        whole = ask_all(models, labelled)
        return Answers((0, 1), (whole.predictions[0][:2],), whole.seconds, (), is_whole=False)

    monkeypatch.setattr(session, "ask_all", interrupted)
    result = call("sentiment", reviews)
    assert result.exit_code == 130
    assert "Interrupted: a random 2 of 3 rows" in result.stdout


def test_ctrl_c_before_the_first_answer_is_one_line(call, reviews, monkeypatch):
    monkeypatch.setattr(session, "ask_all", lambda *_: Answers((), (), (0.0,), (), is_whole=False))
    result = call("sentiment", reviews)
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == "horngate: interrupted before the first row was answered\n"
