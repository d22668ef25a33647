"""Errors as TensorFlow Serving tells them: `{"error": …}` and a status.

After tensorflow/serving, tensorflow_serving/model_servers/http_server.cc. A body that is too large or in an encoding
that is not known keeps the status that HTTP has for it.
"""

from app.errors import HorngateError
from app.http.dialect import STATUS, Dialect, error_object
from app.http.problems import Rendered, retry_headers


def refusal(error: HorngateError, request_id: str) -> Rendered:
    """An error as it goes out; the request's id stands in `X-Request-ID`."""
    del request_id
    return error_object(STATUS.get(type(error), 500), str(error), retry_headers(error))


def internal_refusal(request_id: str) -> Rendered:
    """A failure of our own, which tells nothing but where to look."""
    return error_object(500, f"the server failed; its log has the cause under request_id {request_id}")


def malformed(method: str, path: str) -> Rendered:
    """The answer to a path that is none of the API's, or not with this method."""
    return error_object(400, f"Malformed request: {method} {path[:200]}; GET /docs lists the routes")


TFS = Dialect(refusal, internal_refusal)
"""The dialect of TensorFlow Serving's REST."""
