"""Bound what a request may carry, before anybody reads it whole."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1_000_000
MOST_BYTES_OF: Mapping[str, int] = MappingProxyType({"/positions": 4_000_000})
"""The paths that may carry more: many positions at once, at several hundred bytes each."""
TOO_LARGE = 413


class BoundedBody:
    """Refuses a request larger than its path may carry, announced or not, once that much was read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting what is read of it."""
        most_bytes = MOST_BYTES_OF.get(scope.get("path", ""), MOST_BYTES)
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most_bytes:
                raise HTTPException(TOO_LARGE, f"the request is larger than {most_bytes:,} bytes")
            return message

        await self._app(scope, counted, send)
