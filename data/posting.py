"""Post a message over HTTP to somebody who may be down, slow, or up to mischief."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPS_PORT, HTTPConnection, HTTPException, HTTPResponse, RemoteDisconnected
from socket import SHUT_RDWR, gaierror, socket
from ssl import SSLCertVerificationError, create_default_context
from urllib.parse import urlsplit

from geo.errors import RescueError

MOST_READ = 2000
MOST_SAID = 200
TAKEN = range(200, 300)
MOVED = range(300, 400)
FAULTS = (OSError, HTTPException, ValueError)
"""What goes wrong on the wire; a ValueError is a header or a name that cannot be put on it."""


class NotTakenError(RescueError):
    """A message that its receiver did not take, and why."""


def post(url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> None:
    """
    Post a message; it is taken where the answer is 2xx, of which nothing more is read.

    No redirect is followed and no proxy asked. Nothing is sent after ``timeout_s``, and no answer waited for.

    Raises
    ------
    NotTakenError
        When it cannot be sent, or is not answered with 2xx in time.
    """
    try:
        status, said = _exchange(url, body, headers, timeout_s)
    except TimeoutError as error:
        raise NotTakenError(f"no answer within {timeout_s:g} s") from error
    except FAULTS as error:
        raise NotTakenError(_reason(error)) from error
    if status not in TAKEN:
        raise NotTakenError(_refusal(status, said))


class _TlsConnection(HTTPConnection):
    """HTTP over TLS, whose socket is at hand during the handshake too, so that it can be cut off."""

    default_port = HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock = create_default_context().wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock.do_handshake()


def _exchange(url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> tuple[int, str]:
    """Return the status of the answer and, unless the message is taken, how the answer begins."""
    parts = urlsplit(url)
    kind = _TlsConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with _cut_off(connection, timeout_s) as too_late:
        connection.connect()
        if too_late.is_set():
            raise TimeoutError
        connection.request("POST", target, body, {"Connection": "close", **headers})
        response = connection.getresponse()
        return response.status, "" if response.status in TAKEN else _beginning(response)


@contextmanager
def _cut_off(connection: HTTPConnection, timeout_s: float) -> Iterator[threading.Event]:
    """Shut the connection once the time is over, however slowly the other side trickles; close it after."""
    too_late = threading.Event()

    def cut() -> None:
        too_late.set()
        if connection.sock is not None:
            with suppress(OSError):
                socket.shutdown(connection.sock, SHUT_RDWR)

    watch = threading.Timer(timeout_s, cut)
    watch.start()
    try:
        yield too_late
    except FAULTS as error:
        if too_late.is_set():
            raise TimeoutError from error
        raise
    finally:
        watch.cancel()
        watch.join()
        connection.close()


def _beginning(response: HTTPResponse) -> str:
    try:
        read = response.read(MOST_READ)
    except (OSError, HTTPException):
        return ""
    words = " ".join(read.decode(errors="replace").split())
    return "".join(letter for letter in words if letter.isprintable())[:MOST_SAID]


def _refusal(status: int, said: str) -> str:
    if status in MOVED:
        return f"answered {status}: it is elsewhere, but redirects are not followed; register its new address"
    return f"answered {status}: {said}" if said else f"answered {status}"


def _reason(error: Exception) -> str:
    match error:
        case gaierror():
            return f"its name cannot be found: {error.strerror}"
        case SSLCertVerificationError():
            return f"its certificate is not trusted: {error.verify_message}"
        case RemoteDisconnected():
            return "it hung up without an answer"
        case HTTPException() | ValueError():
            return f"it does not speak HTTP as it should: {_plain(error)}"
        case OSError(strerror=str(said)):
            return f"it cannot be reached: {said}"
        case _:
            return f"it cannot be reached: {_plain(error)}"


def _plain(error: Exception) -> str:
    said = "".join(letter for letter in str(error) if letter.isprintable())
    return said[:MOST_SAID] or type(error).__name__
