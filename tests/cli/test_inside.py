from pathlib import Path

import pytest

from app.cli import inside
from app.cli.inside import URL, alone
from app.client import AsyncHorngate
from app.client.served import Health
from app.errors import ModelInvalid


async def test_the_application_answers_as_a_server_does(tiny_models, bare_environment):
    async with inside.inside(tiny_models) as transport, AsyncHorngate(URL, transport=transport) as server:
        assert (await server.sentiment("good")).label == "positive"


async def test_a_folder_that_is_loaded_for_ever_is_given_up(tiny_models, bare_environment, monkeypatch):
    async def loading(_):
        return Health("loading", (), ())

    monkeypatch.setattr(AsyncHorngate, "health", loading)
    monkeypatch.setattr(inside, "LOOKS", 2)
    with pytest.raises(ModelInvalid, match="the models were not loaded within"):
        async with inside.inside(tiny_models):
            pass


def test_one_model_or_one_version_can_be_alone(tmp_path, build_topic, build_sentiment):
    for version in (1, 2):
        build_topic(tmp_path, version=version)
    build_sentiment(tmp_path)
    with alone(tmp_path / "topic") as only:
        assert sorted(path.relative_to(only).as_posix() for path in only.glob("*/*")) == ["topic/1", "topic/2"]
    with alone(tmp_path / "topic", tmp_path / "topic" / "1") as only:
        assert [path.relative_to(only).as_posix() for path in only.glob("*/*")] == ["topic/1"]
    assert not Path(only).exists()
    assert (tmp_path / "topic" / "1" / "model.onnx").exists()
