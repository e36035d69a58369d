"""A model as a DynamoDB item, and back: strings, integers, booleans, lists and maps, nothing else."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

Item = dict[str, Any]
AnyModel = TypeVar("AnyModel", bound=BaseModel)


def marshal(value: Any) -> dict[str, Any]:
    """A plain value as DynamoDB's typed value. Raises TypeError for a float or anything else."""
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, str):
        return {"S": value}
    if value is None:
        return {"NULL": True}
    if isinstance(value, list | tuple):
        return {"L": [marshal(one) for one in value]}
    if isinstance(value, Mapping):
        return {"M": {name: marshal(one) for name, one in value.items()}}
    raise TypeError(f"not storable: {type(value).__name__}")


def unmarshal(typed: Mapping[str, Any]) -> Any:
    """DynamoDB's typed value as a plain one; numbers are integers here."""
    ((kind, value),) = typed.items()
    if kind == "N":
        return int(value)
    if kind == "NULL":
        return None
    if kind == "L":
        return [unmarshal(one) for one in value]
    if kind == "M":
        return {name: unmarshal(one) for name, one in value.items()}
    return value


def attributes_of(model: BaseModel) -> dict[str, Any]:
    """The model's fields as plain values; None and "" are left out, so that sparse indexes stay sparse."""
    return {name: value for name, value in model.model_dump(mode="json").items() if value not in (None, "")}


def item_of(model: BaseModel) -> Item:
    """The model as an item: see `attributes_of`."""
    return {name: marshal(value) for name, value in attributes_of(model).items()}


def model_of(kind: type[AnyModel], item: Mapping[str, Any]) -> AnyModel:
    """The model that `item_of` wrote; attributes that are no field of it are ignored."""
    return kind.model_validate({name: unmarshal(item[name]) for name in kind.model_fields if name in item})
