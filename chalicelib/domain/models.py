"""What every model of the domain is: frozen, strict about unknown fields."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A value: compared by content, changed only by `model_copy(update=…)`."""

    # An error's text may reach a log or the history of a workflow: it never quotes what a family's record holds.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
