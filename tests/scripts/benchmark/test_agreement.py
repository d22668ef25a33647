"""Speed is compared only between equal answers."""

import json

import pytest

from app.bench.errors import BenchInvalid
from scripts.benchmark.agreement import TEXTS, check_agreement
from scripts.benchmark.contenders import MOSEC


@pytest.fixture
def saying(serve):
    """A server that reads every text so."""

    def start(name, label="positive", score=0.9):
        content = json.dumps({"label": label, "score": score}).encode()
        return serve(lambda path, body: (200, {}, content), name)

    return start


def test_servers_that_say_the_same_agree_and_every_text_was_asked(saying):
    first, script = saying("first")
    check_agreement({first: MOSEC, saying("second", score=0.9009)[0]: MOSEC})
    assert [json.loads(body)["text"] for _, _, body in script.asked] == list(TEXTS)


@pytest.mark.parametrize("other", [{"label": "negative"}, {"score": 0.898}])
def test_another_label_or_score_ends_the_benchmark(saying, other):
    with pytest.raises(BenchInvalid, match=r"first says .*, second "):
        check_agreement({saying("first")[0]: MOSEC, saying("second", **other)[0]: MOSEC})


@pytest.mark.parametrize(("status", "content"), [(500, b"{}"), (200, b"no JSON"), (200, b"{}"), (200, b"[]")])
def test_an_answer_that_is_none_names_its_server(serve, status, content):
    server, _ = serve(lambda path, body: (status, {}, content), "broken")
    with pytest.raises(BenchInvalid, match="expected a label and a score from broken"):
        check_agreement({server: MOSEC})
