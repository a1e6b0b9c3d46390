"""The strict reader of declared things: one YAML file in, one checked object out, every problem listed at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from analysis.errors import CatalogueError, nearest
from analysis.sources.folders import shown

T = TypeVar("T")


class Declared(BaseModel):
    """The base of everything declared in YAML: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def load_declared(path: Path, kind: type[T]) -> T:
    """Read a YAML file as an object of the given kind.

    Args:
        path: the file.
        kind: a Declared class, or a type built of them such as ``dict[str, Caveat]``.

    Raises:
        CatalogueError: the file cannot be read, is not YAML, or breaks its contract;
            every problem in the file is listed.
    """
    return parse_declared(read_yaml(path), kind, path)


def parse_declared(content: Any, kind: type[T], path: Path) -> T:
    """Return what was read from a file as an object of the given kind.

    Args:
        content: what the file holds.
        kind: as for :func:`load_declared`.
        path: the file, for the message.

    Raises:
        CatalogueError: the content breaks its contract; every problem is listed.
    """
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as error:
        problems = [f"  - {_describe(problem, kind)}" for problem in error.errors()]
        listed = "\n".join(problems)
        raise CatalogueError(
            f"{shown(path)} does not follow its contract ({len(problems)} found):\n{listed}\n"
            "Mend each and run the command again."
        ) from None


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds.

    Raises:
        CatalogueError: the file cannot be read, or is not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogueError(
            f"{shown(path)} is not UTF-8 (byte {error.start}). Save it as UTF-8 and run the command again."
        ) from None
    except OSError as error:
        raise CatalogueError(f"{shown(path)} cannot be read: {error.strerror}.") from None
    try:
        return yaml.load(text, Loader=_OneKeyOnce)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        what = getattr(error, "problem", None) or "it cannot be parsed"
        raise CatalogueError(
            f"{shown(path)}{where}: this is not readable YAML: {what}. "
            "Check indentation and quotes around text that holds a colon."
        ) from None


# The C parser is about eight times as fast, where PyYAML was built with it.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _OneKeyOnce(_SafeLoader):  # type: ignore[misc]
    """A safe loader for which a key given twice is an error, not a silent overwrite."""


def _mapping_once(loader: _OneKeyOnce, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            raise yaml.MarkedYAMLError(
                problem=f"the key {key!r} is given twice", problem_mark=node.value[number][0].start_mark
            )
    content: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return content


_OneKeyOnce.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_once)


def _describe(problem: Any, kind: Any) -> str:
    """Say one validation problem in words, with the nearest legal name where there is one."""
    place = ".".join(str(part) for part in problem["loc"]) or "the file"
    found = problem.get("input")
    say: dict[str, Callable[[], str]] = {
        "extra_forbidden": lambda: f"{place}: this key is not known.{_near_key(problem['loc'], kind)}",
        "missing": lambda: f"{place}: this key is missing.",
        "literal_error": lambda: (
            f"{place}: found {found!r}, expected {problem['ctx']['expected']}.{_near_value(found, problem)}"
        ),
    }
    words = say.get(problem["type"])
    if words:
        return words()
    message = problem["msg"].removeprefix("Value error, ")
    return f"{place}: {message} (found {found!r})."


def _near_key(place: tuple[Any, ...], kind: Any) -> str:
    fields = getattr(kind, "model_fields", {})
    close = nearest(str(place[-1]), fields, count=1) if len(place) == 1 else []
    return f" Did you mean {close[0]}?" if close else ""


def _near_value(found: Any, problem: Any) -> str:
    legal = [item.strip("'") for item in problem["ctx"]["expected"].replace(" or ", ", ").split(", ")]
    close = nearest(str(found), legal, count=1)
    return f" Did you mean {close[0]}?" if close else ""
