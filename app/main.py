"""The one place where everything is put together: settings in, application out."""

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import Route

from app.errors import HorngateError, InputInvalid
from app.http.application import Application
from app.http.bodies.inputs import EXPECTED, Limits
from app.http.explain import PATH as EXPLAIN_PATH
from app.http.explain import ExplainEndpoint
from app.http.fast_path import FastPath
from app.http.live import LiveFeed
from app.http.observation import RequestObserver
from app.http.oip.infer import InferEndpoint
from app.http.oip.routes import oip_routes
from app.http.openapi import install_openapi
from app.http.pacing import RefusalPacing
from app.http.predict import PATH, PredictEndpoint
from app.http.problems import http_problem, problem
from app.http.record import record_of
from app.http.routes.api_page import api_page_router
from app.http.routes.documents import documents_router
from app.http.routes.health import health_router
from app.http.routes.metrics import metrics_router
from app.http.routes.models import models_router
from app.http.routes.playground import playground_router
from app.http.routes.plots import plots_router
from app.http.tfs.predict import ServingEndpoint
from app.http.tfs.routes import tfs_routes
from app.lifecycle.loader import Loader
from app.lifecycle.readiness import Readiness
from app.lifecycle.registry import Registry
from app.lifespan import Port, make_lifespan
from app.observability.access_log import AccessLog
from app.observability.metrics import Metrics
from app.settings import Settings

STANDARD_ERROR = 2


def create_app(settings: Settings) -> FastAPI:
    """The application that serves `settings.models_dir`; nothing is opened before its lifespan starts."""
    registry = Registry()
    metrics = Metrics(CollectorRegistry())
    readiness = Readiness(registry, settings.required_models)
    loader = Loader(settings.models_dir, registry, metrics, max_queue_rows=settings.max_queue_rows)
    limits = Limits(settings.max_request_rows, settings.max_text_characters)
    endpoint = PredictEndpoint(registry, limits, settings.max_body_bytes, settings.request_timeout_seconds)
    explaining = ExplainEndpoint(registry, limits, settings.max_body_bytes, settings.request_timeout_seconds)
    bounds = (settings.max_request_rows, settings.max_body_bytes, settings.request_timeout_seconds)
    infer, serving = InferEndpoint(registry, *bounds), ServingEndpoint(registry, *bounds)
    access_log = AccessLog(STANDARD_ERROR) if settings.access_log and settings.log_level in ("debug", "info") else None
    observer = RequestObserver(metrics, access_log)
    port = _grpc_port(settings, readiness, metrics, access_log)
    app = Application(
        [endpoint, infer, serving, explaining],
        FastPath([endpoint, infer, serving], observer, RefusalPacing()),
        title="Horngate",
        description="Serves Keras models: batched predictions, health and metrics.",
        lifespan=make_lifespan(settings, loader, readiness, metrics, access_log, port=port),
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
    )
    app.router.routes.insert(0, Route(PATH, endpoint, methods=["POST"]))
    app.router.routes.append(Route(EXPLAIN_PATH, explaining, methods=["POST"]))
    app.include_router(health_router(readiness))
    app.include_router(models_router(registry))
    app.include_router(plots_router(registry))
    app.include_router(documents_router(registry))
    app.include_router(api_page_router())
    app.include_router(metrics_router(metrics))
    if settings.playground:
        app.include_router(playground_router(LiveFeed(metrics, readiness)))
    app.router.routes.extend(oip_routes(readiness, metrics, infer))
    app.router.routes.extend(tfs_routes(registry))
    _handle_errors(app)
    install_openapi(app, registry)
    return app


def _grpc_port(settings: Settings, readiness: Readiness, metrics: Metrics, access_log: AccessLog | None) -> Port | None:
    """The gRPC server, where the settings ask for one."""
    if settings.grpc_port is None:
        return None
    from app.grpc.server import GrpcServer  # noqa: PLC0415  # gRPC takes 21 MiB

    return GrpcServer(settings, readiness, metrics, access_log)


def _handle_errors(app: FastAPI) -> None:
    """Every error leaves as a problem."""

    @app.exception_handler(HorngateError)
    async def horngate_error(request: Request, error: HorngateError) -> Response:
        return problem(error, record_of(request.scope).request_id).response()

    @app.exception_handler(RequestValidationError)
    async def validation_error(request: Request, error: RequestValidationError) -> Response:
        fault = error.errors()[0]
        place, name = fault["loc"][0], fault["loc"][-1]
        expected = f"{EXPECTED.get(fault['type'], fault['msg'])} as {name} in the {place}"
        invalid = InputInvalid.at("", expected, repr(str(fault["input"])[:64]))
        return problem(invalid, record_of(request.scope).request_id).response()

    @app.exception_handler(StarletteHTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        method, path = request.method, request.scope["path"][:200]
        detail = f"there is no {method} {path}; GET /docs lists the routes"
        headers = dict(error.headers) if error.headers else None
        return http_problem(error.status_code, detail, record_of(request.scope).request_id, headers).response()
