"""Serve a command centre over HTTP until told to stop."""

import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress

import uvicorn

from api.delivering import kept_delivered
from api.dispatching import Centre
from api.http.app import create_app
from api.settings import Settings
from api.warming import kept_warm
from api.watching import kept_watch
from api.working import repeatedly
from data.cluster import ensure_running
from geo.errors import RescueError
from routing.cch.ready import compile_all

LOOK_EVERY_S = 2.0
GRACE_S = 2


class CannotListenError(RescueError):
    """The address to serve on is not to be had."""

    def __init__(self, host: str, port: int, error: OSError) -> None:
        if error.errno == errno.EADDRINUSE:
            super().__init__(
                f"port {port} on {host} is in use: stop what listens there, or take --port {port + 1}"
            )
        else:
            super().__init__(f"cannot listen on {host} port {port}: {error.strerror}; choose another --port")


def serve(centre: Centre, announce: Callable[[], None]) -> None:
    """
    Serve until interrupted; a private cluster that dies meanwhile is started again.

    ``announce`` is called once the address is ours. No incident waits for a compiler: what set-up has not
    compiled is compiled first.
    """
    compile_all()
    settings = centre.settings
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(centre),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            timeout_graceful_shutdown=GRACE_S,
        )
    )
    with _listening(settings) as listener, _workers(centre), suppress(KeyboardInterrupt):
        announce()
        server.run(sockets=[listener])


@contextmanager
def _workers(centre: Centre) -> Iterator[None]:
    """Do what is to be done beside the service."""
    with (
        _kept_alive(centre.settings),
        kept_warm(centre),
        kept_delivered(centre.sessions),
        kept_watch(centre),
    ):
        yield


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Listen; the protocol is named so that answers are sent at once and not held for 40 ms (TCP_NODELAY)."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            raise CannotListenError(settings.host, settings.port, error) from error
        yield listener


def _kept_alive(settings: Settings) -> AbstractContextManager[None]:
    """Look after the private cluster; a database that was given is its owner's to keep."""
    if settings.database_url is not None:
        return nullcontext()
    return repeatedly(lambda: _keep_alive(settings), LOOK_EVERY_S, "cluster-keeper")


def _keep_alive(settings: Settings) -> None:
    ensure_running(settings.cluster_directory)
