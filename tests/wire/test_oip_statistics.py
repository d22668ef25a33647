"""Statistics in Triton's words, as JSON and as a message."""

from google.protobuf.json_format import ParseDict

from app.types import Duration, ModelStatistics
from app.wire.oip_statistics import statistics_object
from app.wire.protos.inference_pb2 import ModelStatisticsResponse

STAGES = {name: Duration(2, float(place)) for place, name in enumerate(("preprocess", "queue", "infer", "postprocess"))}
WORK = ModelStatistics("m", "4", Duration(2, 6.0), Duration(1, 0.5), STAGES, 7, 3, 12.3456)


def test_durations_are_counts_with_nanoseconds_and_the_last_answer_is_in_milliseconds() -> None:
    (told,) = statistics_object([WORK])["model_stats"]
    assert (told["name"], told["version"], told["last_inference"]) == ("m", "4", 12_346)
    assert (told["inference_count"], told["execution_count"]) == (7, 3)
    assert told["inference_stats"]["success"] == {"count": 2, "ns": 6_000_000_000}
    assert told["inference_stats"]["compute_infer"] == {"count": 2, "ns": 2_000_000_000}
    assert told["inference_stats"]["cache_hit"] == {"count": 0, "ns": 0}


def test_the_message_of_grpc_has_every_field_of_the_object() -> None:
    (told,) = ParseDict(statistics_object([WORK]), ModelStatisticsResponse()).model_stats
    assert (told.version, told.inference_stats.fail.count, told.inference_stats.fail.ns) == ("4", 1, 500_000_000)
