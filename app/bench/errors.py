"""What ends a measurement with one line."""

from app.errors import HorngateError


class BenchInvalid(HorngateError):
    """What was asked for cannot be measured: an option, a file, a server that is not there."""

    code = "bench_invalid"
    title = "This cannot be measured"
