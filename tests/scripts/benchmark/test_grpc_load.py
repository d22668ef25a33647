"""The load over gRPC, against a server in this process."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from scripts.benchmark.grpc_load import INFER, run_grpc
from scripts.benchmark.processes import Server

SERVER = Server("tiny", "", -1, 0.5)


class Handler(grpc.GenericRpcHandler):
    """Gives back what it gets; refuses the message `no`."""

    def service(self, details):
        def answer(message: bytes, context: grpc.ServicerContext) -> bytes:
            if message == b"no":
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, "no")
            return message

        return grpc.unary_unary_rpc_method_handler(answer) if details.method == INFER else None


@pytest.fixture
def address() -> Iterator[str]:
    server = grpc.server(ThreadPoolExecutor(4), [Handler()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


def test_what_is_answered_is_counted(address):
    run = run_grpc(SERVER, address, b"yes", 4, 0.2)
    assert run.rate > 0
    assert 0 < run.p50_ms <= run.p99_ms
    assert run.errors == 0


def test_what_is_refused_is_an_error(address):
    run = run_grpc(SERVER, address, b"no", 4, 0.05)
    assert (run.rate, run.p50_ms) == (0, 0)
    assert run.errors > 0
