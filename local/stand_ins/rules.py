"""What a rule of the stand-ins' faults is made of."""

from typing import Annotated

from pydantic import Field

Seconds = Annotated[float, Field(ge=0)]
type Rule[T] = T | list[T | None] | None
