"""The base of the domain's pydantic models: frozen, unknown fields forbidden."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """An immutable value: compared by content, changed only by `model_copy(update=…)`.

    A field with an alias is stored under the alias, and named in Python as it is written.
    """

    # An error's text may reach a log or the history of a workflow: it never quotes what a family's record holds.
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_by_name=True, serialize_by_alias=True
    )
