"""The root of every error this product raises on purpose."""


class RescueError(Exception):
    """Something a person can mend: its message is one sentence that says what and how."""


class InvalidInputError(RescueError, ValueError):
    """Input that was refused, with the field it stood in and the reason."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
