import httpx
import pytest

from app.cli.description import _indented
from app.cli.prediction.remote import ServerRefused


@pytest.mark.parametrize("content", [b"<html>", b"[1]", b'{"a": 1}'])
def test_what_is_no_document_is_refused(content):
    with pytest.raises(ServerRefused, match="there: expected an OpenAPI document; received HTTP 200"):
        _indented(httpx.Response(200, content=content), "there")
