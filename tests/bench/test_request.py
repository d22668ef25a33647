"""The bytes that are sent."""

import ssl

import pytest

from app.bench.errors import BenchInvalid
from app.bench.request import Body, Target, make_load


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://127.0.0.1:8000", Target("http", "127.0.0.1", 8000, "")),
        ("localhost:81/", Target("http", "localhost", 81, "")),
        (
            "https://example.org/predict/topic?version=2",
            Target("https", "example.org", 443, "/predict/topic?version=2"),
        ),
        ("http://[::1]:8000/x", Target("http", "::1", 8000, "/x")),
    ],
)
def test_a_url_is_read(url, target):
    assert Target.parse(url) == target


@pytest.mark.parametrize("url", ["ftp://host", "http://", "http://host:99999", "http://host:port", "http://[::1"])
def test_what_is_no_url_is_named(url):
    with pytest.raises(BenchInvalid, match=r"expected a URL such as http://127\.0\.0\.1:8000; received"):
        Target.parse(url)


def test_a_request_says_where_it_goes_and_how_long_it_is():
    load = make_load(Target("http", "::1", 8000, ""), [Body("好".encode(), "text/plain", 4)], [("X-API-Key", "k")])
    head, _, body = load.messages[0].partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"POST / HTTP/1.1",
        b"Host: [::1]:8000",
        b"Content-Type: text/plain",
        b"Content-Length: 3",
        b"X-API-Key: k",
    ]
    assert (body.decode(), load.rows) == ("好", 4)


def test_only_https_has_tls_settings():
    assert Target("http", "host", 80, "").tls() is None
    tls = Target("https", "host", 443, "").tls()
    assert isinstance(tls, ssl.SSLContext)
    assert tls.verify_mode is ssl.CERT_REQUIRED
