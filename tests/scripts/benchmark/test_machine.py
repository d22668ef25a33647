"""Where and when, and what the host took."""

from importlib.metadata import version

from scripts.benchmark.machine import Steal, describe_machine, versions


def test_the_machine_is_told_with_its_date_cores_and_versions():
    told = describe_machine()
    assert told["date"].endswith("UTC")
    assert "cores" in told["machine"]
    assert f"onnxruntime {version('onnxruntime')}" in told["packages"]


def test_versions_are_those_that_are_installed():
    assert versions(["numpy", "click"]) == f"numpy {version('numpy')}, click {version('click')}"


def test_steal_is_a_share_of_the_time_since_it_was_made():
    assert 0 <= Steal().percent() <= 100


class Stolen(Steal):
    def percent(self):
        return 7.04


def test_much_steal_asks_for_another_measurement():
    assert Stolen().note() == "Steal 7.0 %: measure again."
