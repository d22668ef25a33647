"""The command as users call it, with every runtime that is installed here."""

import io
import json
import signal
import sys

import pytest
from click.testing import CliRunner

from app.cli.calibrate import calibrate

pytestmark = pytest.mark.usefixtures("bare_environment")

QUICK = ["--seconds", "0.001", "--batches", "4,1,4"]


@pytest.fixture
def call():
    """Calls `horngate calibrate` with these words."""
    return lambda *words: CliRunner().invoke(calibrate, [str(word) for word in words])


def test_table_plot_and_plan_are_printed_and_the_plan_written(call, tmp_path, build_digit):
    path = build_digit(tmp_path) / "manifest.json"
    page = tmp_path / "plan.html"
    result = call("digit", "--models-dir", tmp_path, *QUICK, "--plot", page)
    assert result.exit_code == 0, result.output
    assert "digit/1 on " in result.stdout
    assert "┤" in result.stdout
    assert f"Written to {path}" in result.stdout
    assert sorted(json.loads(path.read_text())["plan"]["batch_seconds"]) == ["1", "4"]
    assert "<svg" in page.read_text(encoding="utf-8")


def test_json_is_all_that_is_printed(call, tiny_models):
    result = call("topic/1", "--models-dir", tiny_models, *QUICK, "--json", "--dry-run", "--threads", "1,1")
    document = json.loads(result.stdout)
    assert document["is_written"] is False
    assert [trial["threads"] for trial in document["trials"]] == [1] * len(document["trials"])
    assert {"onnx"} <= {trial["runtime"] for trial in document["trials"]}


def test_the_models_folder_may_come_from_the_environment(call, tiny_models, monkeypatch):
    monkeypatch.setenv("HORNGATE_MODELS_DIR", str(tiny_models))
    assert call("digit", *QUICK, "--dry-run").exit_code == 0


def test_only_the_runtimes_that_are_named_are_measured(call, tiny_models):
    result = call("digit", "--models-dir", tiny_models, *QUICK, "--dry-run", "--json", "--runtimes", "onnx,onnx")
    assert [trial["runtime"] for trial in json.loads(result.stdout)["trials"]] == ["onnx"]


class Interrupting(io.StringIO):
    """A terminal whose user presses Ctrl-C as soon as the timing begins."""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if "timing" in text and "timing" not in self.getvalue():
            super().write(text)
            signal.raise_signal(signal.SIGINT)
        return super().write(text)


@pytest.fixture
def heard_sigint():
    """Ctrl-C is heard, also where the tests were started in the background, in which shells let it be ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard_sigint")
def test_ctrl_c_writes_nothing_and_says_so(monkeypatch, tmp_path, build_digit):
    path = build_digit(tmp_path) / "manifest.json"
    before = path.read_bytes()
    monkeypatch.setattr(sys, "stderr", Interrupting())
    with pytest.raises(SystemExit) as ended:
        calibrate.main(["digit", "--models-dir", str(tmp_path), *QUICK])
    assert ended.value.code == 130
    assert sys.stderr.getvalue().endswith("horngate: interrupted; nothing was written\n")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [["--threads", "0"], ["--batches", "a"], ["--seconds", "nan"], ["--batches", "5000"], ["--runtimes", "torch"]],
    ids=" ".join,
)
def test_what_cannot_be_measured_is_refused(call, words):
    result = call("digit", *words)
    assert result.exit_code == 2
    assert "Invalid value" in result.stderr
