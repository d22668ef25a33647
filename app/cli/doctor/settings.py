"""The settings and where each comes from, and whether the ports that they name are free."""

import errno
import socket
from collections.abc import Iterator

from app.cli.doctor.finding import Finding, ok, problem, warning
from app.errors import SettingsInvalid
from app.settings import PREFIX, Settings, read_settings

SETTINGS = "settings"
REASONS = {
    errno.EADDRINUSE: "is taken by another process; end it, or choose another with {option}",
    errno.EACCES: "may only be taken by root; choose one above 1023 with {option}",
    errno.EADDRNOTAVAIL: "is on an address that this machine has not; choose another with --host",
}


def check_settings() -> tuple[Settings, list[Finding]]:
    """The settings, or the defaults where they are not valid, and what there is to say of them."""
    try:
        settings = read_settings()
    except SettingsInvalid as error:
        advice = "set it right, or take it out of the environment"
        return Settings.model_construct(), [problem(SETTINGS, str(error), advice)]
    given = [f"{name} {getattr(settings, name)} ({PREFIX}{name.upper()})" for name in sorted(settings.model_fields_set)]
    return settings, [ok(SETTINGS, f"from the environment: {', '.join(given)}" if given else "all have their defaults")]


def check_ports(settings: Settings) -> Iterator[Finding]:
    """Whether a server with these settings could listen."""
    for name, port, option in (("HTTP", settings.port, "--port"), ("gRPC", settings.grpc_port, "--grpc-port")):
        if port is None:
            yield ok("port", f"{name}: none is asked for")
        elif port == 0:
            yield ok("port", f"{name}: any free one will be taken")
        else:
            yield _port(settings.host, port, name, option)


def _port(host: str, port: int, name: str, option: str) -> Finding:
    """Whether one port can be listened on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen()
        except OSError as error:
            reason = REASONS.get(
                error.errno or 0, f"cannot be had ({error.strerror or error}); choose another {{option}}"
            )
            found, _, advice = reason.format(option=option).partition("; ")
            if error.errno == errno.EADDRINUSE:
                advice += f"; if it is Horngate: horngate doctor --url http://{host}:{port}"
                return warning("port", f"{name}: {port} on {host} {found}", advice)
            return problem("port", f"{name}: {port} on {host} {found}", advice)
    return ok("port", f"{name}: {port} on {host} is free")
