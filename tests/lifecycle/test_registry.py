"""What is served now."""

import pytest

from app.errors import ModelNotFound, NotReady
from app.lifecycle.loading import load_version
from app.lifecycle.registry import Registry
from app.repository.scanner import VersionFolder


@pytest.fixture
async def registry(tmp_path, build_topic, observer):
    """Serves versions 1 and 3 of `topic`, of which 1 is the default and 3 is `next`; `gone` names a missing one."""
    registry = Registry()
    models = [
        load_version(VersionFolder("topic", version, build_topic(tmp_path, version=version)), observer, 64)
        for version in (1, 3)
    ]
    registry.add("topic", models, 1, {"next": 3, "gone": 2})
    registry.is_loading = False
    yield registry
    for model in models:
        await model.close(0)


async def test_the_default_answers_unpinned_requests(registry):
    assert registry.resolve("topic").version == 1
    assert registry.default_version("topic") == 1


async def test_a_version_or_a_label_pins(registry):
    assert registry.resolve("topic", version=3).version == 3
    assert registry.resolve("topic", label="next").version == 3
    assert registry.labels("topic") == {"next": 3, "gone": 2}


async def test_versions_come_newest_first(registry):
    assert [model.version for model in registry.versions("topic")] == [3, 1]
    assert [(model.name, model.version) for model in registry] == [("topic", 3), ("topic", 1)]
    assert registry.names() == ["topic"]


async def test_a_version_that_is_not_served_names_those_that_are(registry):
    with pytest.raises(ModelNotFound, match="version 2 of topic is not served; served: 1, 3"):
        registry.resolve("topic", version=2)
    with pytest.raises(ModelNotFound, match="version 2 of topic is not served"):
        registry.resolve("topic", label="gone")


async def test_a_label_that_does_not_exist_names_those_that_do(registry):
    with pytest.raises(ModelNotFound, match="topic has no label 'stable'; its labels: gone, next"):
        registry.resolve("topic", label="stable")


async def test_a_model_without_labels_says_so(registry):
    registry.add("topic", registry.versions("topic"), 1, {})
    with pytest.raises(ModelNotFound, match="its labels: none"):
        registry.resolve("topic", label="stable")


@pytest.mark.parametrize("call", ["resolve", "versions", "labels", "default_version"])
async def test_a_name_that_is_not_served_gets_the_nearest(registry, call):
    with pytest.raises(ModelNotFound, match=r"no model is called 'topics'; did you mean 'topic'\?"):
        getattr(registry, call)("topics")


async def test_a_name_that_resembles_nothing_gets_the_list(registry):
    with pytest.raises(ModelNotFound, match="no model is called 'xyz'; served: topic"):
        registry.resolve("xyz")
    empty = Registry()
    empty.is_loading = False
    with pytest.raises(ModelNotFound, match="served: none"):
        empty.resolve("xyz")


async def test_a_long_name_is_cut(registry):
    with pytest.raises(ModelNotFound) as caught:
        registry.resolve("x" * 10_000)
    assert len(str(caught.value)) < 200


async def test_while_models_are_loaded_a_name_may_still_come(registry):
    registry.is_loading = True
    assert registry.resolve("topic").version == 1
    with pytest.raises(NotReady, match="still being loaded, later may be among them") as caught:
        registry.resolve("later")
    assert caught.value.retry_after_seconds == 1


async def test_what_is_cleared_is_served_no_more_and_is_the_callers_to_close(registry):
    assert [model.version for model in registry.clear()] == [3, 1]
    assert registry.names() == []
    with pytest.raises(ModelNotFound):
        registry.resolve("topic")
