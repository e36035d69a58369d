"""What every model of the domain is: frozen, strict about unknown fields."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A value: compared by content, changed only by `model_copy(update=…)`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
