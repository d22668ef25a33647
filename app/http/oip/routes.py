"""Every route of the Open Inference Protocol, with those of Triton's extensions that work here."""

from starlette.routing import Route

from app.http.oip.answering import Unmatched, route
from app.http.oip.health import Health
from app.http.oip.infer import PATH, VERSIONED_PATH, InferEndpoint
from app.http.oip.models import Models
from app.http.oip.repository import Repository
from app.http.oip.statistics import Statistics
from app.http.oip.toggles import logging_settings, trace_settings
from app.lifecycle.readiness import Readiness
from app.observability.metrics import Metrics

MODEL = "/v2/models/{model}"
VERSION = "/v2/models/{model}/versions/{version}"


def oip_routes(readiness: Readiness, metrics: Metrics, infer: InferEndpoint) -> list[Route]:
    """The routes, the last of which answers for every path below `/v2` that is none of the protocol's."""
    health, models = Health(readiness), Models(readiness)
    repository, statistics = Repository(readiness.registry), Statistics(readiness.registry, metrics)
    routes = [
        Route(PATH, infer, methods=["POST"]),
        Route(VERSIONED_PATH, infer, methods=["POST"]),
        route("/v2", models.server),
        route("/v2/health/live", health.live),
        route("/v2/health/ready", health.ready),
        route("/v2/models/stats", statistics.every_model),
        route("/v2/repository/index", repository.index, "POST"),
        route("/v2/repository/models/{model}/load", repository.load, "POST"),
        route("/v2/repository/models/{model}/unload", repository.unload, "POST"),
    ]
    for path, settings in (
        ("/v2/trace/setting", trace_settings),
        (f"{MODEL}/trace/setting", models.trace_settings),
        ("/v2/logging", logging_settings),
    ):
        routes += [route(path, settings), route(path, settings, "POST")]
    for named in (MODEL, VERSION):
        routes += [
            route(named, models.metadata),
            route(f"{named}/ready", models.ready),
            route(f"{named}/config", models.config),
            route(f"{named}/stats", statistics.one_model),
        ]
    unmatched = Unmatched(routes)
    return [*routes, Route("/v2/{rest:path}", unmatched, name="unmatched"), Route("/v2", unmatched, name="unmatched")]
