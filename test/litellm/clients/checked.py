"""What pydantic says of an answer when it really checks: the official client itself lets anything pass."""

from openai.types.responses import Response, ResponseStreamEvent
from pydantic import BaseModel, TypeAdapter, ValidationError

RESPONSE = TypeAdapter(Response)
STREAM_EVENT = TypeAdapter(ResponseStreamEvent)


def complaints(kind, value):
    """Fields that are missing or of another type than the official classes say; a class that is not the right one."""
    try:
        checked = kind.validate_python(value.to_dict())
    except ValidationError as error:
        return [f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in own_faults(value, error)]
    return [] if type(checked) is type(value) else [f"{type(value).__name__} is a {type(checked).__name__}"]


def own_faults(value, error):
    """Of a union pydantic tells the faults of every member; those of the one that was meant are wanted."""
    try:
        type(value).model_validate(value.to_dict())
    except ValidationError as own:
        return own.errors()
    return error.errors()


def unknown_fields(value, at=""):
    """Fields that the official classes do not have."""
    if isinstance(value, list):
        return [name for item in value for name in unknown_fields(item, f"{at}[]")]
    if not isinstance(value, BaseModel):
        return []
    fields = {name: getattr(value, name, None) for name in type(value).model_fields}
    below = [name for field, inner in fields.items() for name in unknown_fields(inner, f"{at}.{field}")]
    return [f"{at}.{name}" for name in value.model_extra or {}] + below
