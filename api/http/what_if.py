"""What a request may change in thought."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.situations import WhatIf
from data.registry.conditions import Shape, check_shape
from routing.conditions import Action, Condition

MOST_SHAPES = 1000
ShapeIn = Annotated[Shape, AfterValidator(check_shape)]


class WhatIfIn(BaseModel):
    """What if? Roads closed or opened and weather in thought; nothing of it touches the live state."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    close: list[ShapeIn] = Field(default=[], max_length=MOST_SHAPES, description="GeoJSON shapes closed")
    open: list[ShapeIn] = Field(
        default=[], max_length=MOST_SHAPES, description="GeoJSON shapes whose live closures do not count"
    )
    preset: str | None = Field(default=None, description="night, ice or fog, on every road")
    profile: str | None = Field(default=None, description="a vehicle profile that every unit drives")

    def thought(self) -> WhatIf:
        """Return it as the roads take it."""
        closed = tuple(Condition(Action.CLOSE, shape) for shape in self.close)
        opened = tuple(Condition(Action.OPEN, shape) for shape in self.open)
        return WhatIf((*closed, *opened), self.preset, self.profile)
