"""Frozen results to plain JSON and back, each field checked against what its class declares."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from dxanalysis.errors import ReportError

T = TypeVar("T")


def rebuild(kind: type[T], plain: object, what: str = "") -> T:
    """Make a frozen result from what :func:`dataclasses.asdict` made of it.

    Raises
    ------
    ReportError
        A field is absent or of another type; its place is named.
    """
    if not isinstance(plain, Mapping):
        raise ReportError(f"{what or kind.__name__} is damaged: an object was expected")
    unknown = sorted(str(name) for name in set(plain) - {f.name for f in fields(cast("Any", kind))})
    if unknown:
        raise ReportError(f"{what or kind.__name__} has an unknown field {unknown[0]!r}")
    values: dict[str, object] = {}
    hints = _hints(cast("Any", kind))
    for field in fields(cast("Any", kind)):
        if field.name in plain:
            values[field.name] = _read(hints[field.name], plain[field.name], f"{what or kind.__name__}.{field.name}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise ReportError(f"{what or kind.__name__} is damaged: {field.name} is absent")
    return kind(**values)


@cache
def _hints(kind: type[object]) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, value: object, what: str) -> object:
    origin = get_origin(hint)
    if is_dataclass(hint):
        return rebuild(cast("type[object]", hint), value, what)
    if origin is tuple:
        inner = get_args(hint)
        if isinstance(value, list | tuple):
            kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else list(inner)
            if len(kinds) == len(value):
                pairs = zip(kinds, value, strict=True)
                return tuple(_read(kind, part, f"{what}[{n}]") for n, (kind, part) in enumerate(pairs))
    elif origin is Literal:
        if value in get_args(hint):
            return value
    elif origin in (Union, types.UnionType):
        for option in get_args(hint):
            if _fits(option, value):
                return _read(option, value, what)
    elif hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    elif origin is not None and issubclass(origin, Mapping):
        inner = get_args(hint)
        if isinstance(value, Mapping):
            return {str(key): _read(inner[1], part, f"{what}[{key!r}]") for key, part in value.items()}
    elif _fits(hint, value):
        return value
    raise ReportError(f"{what} is damaged: {value!r:.60} does not belong there")


def _fits(hint: Any, value: object) -> bool:
    if hint is type(None):
        return value is None
    if is_dataclass(hint):
        return isinstance(value, Mapping)
    if isinstance(value, bool):
        return hint is bool
    return isinstance(hint, type) and isinstance(value, hint)
