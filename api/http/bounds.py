"""Bound what a request may carry, before anybody reads it whole."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1_000_000
TOO_LARGE = 413


class BoundedBody:
    """Refuses a request whose body is larger than the bound, announced or not, once that much was read."""

    def __init__(self, app: ASGIApp, most_bytes: int = MOST_BYTES) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting what is read of it."""
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most_bytes:
                raise HTTPException(TOO_LARGE, f"the request is larger than {self._most_bytes:,} bytes")
            return message

        await self._app(scope, counted, send)
