"""A notebook's parameters cell, read as its signature: what it takes, of what type, with what default."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import papermill

from analysis.errors import UnknownNameError, did_you_mean
from analysis.indicators.areas_compared import AVERAGES
from analysis.indicators.open_figures import AS_PUBLISHED
from analysis.sources.neighbour_models import MODELS
from analysis.statistics.inputs import LOWEST_CONFIDENCE
from analysis.vocabulary import Comparator

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook.

    Attributes:
        name: its name.
        default: its value where none is given.
        meaning: the comment beside it.
    """

    name: str
    default: Any
    meaning: str


def read_signature(notebook: Path) -> dict[str, Parameter]:
    """Return the parameters that a notebook takes, by name."""
    found = papermill.inspect_notebook(str(notebook))
    return {name: Parameter(name, ast.literal_eval(item["default"]), item["help"]) for name, item in found.items()}


def require_parameters(signature: Mapping[str, Parameter], given: Values, *, notebook: str) -> dict[str, Any]:
    """Return the defaults with what is given put in their place, all of the right name, type and range.

    Args:
        signature: what the notebook takes.
        given: values by name.
        notebook: the notebook's name, for the message.

    Raises:
        UnknownNameError: a name that the notebook does not take, a value of another type, or one out of range.
    """
    for name, value in given.items():
        if name not in signature:
            raise UnknownNameError(
                f"Notebook {notebook} takes no parameter {name!r}. {did_you_mean(name, signature)} Nothing was run."
            )
        _require_type(name, value, signature[name].default, notebook)
    values = {name: parameter.default for name, parameter in signature.items()} | dict(given)
    _require_range(values, notebook)
    return values


def parse_value(text: str) -> Any:
    """Return the value that a text on the command line stands for: a literal, else the text itself.

    Example:
        >>> parse_value("0.998"), parse_value("['england']"), parse_value("Nottingham")
        (0.998, ['england'], 'Nottingham')
    """
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _require_type(name: str, value: Any, default: Any, notebook: str) -> None:
    wanted = type(default)
    fits = isinstance(value, wanted) or (wanted is float and isinstance(value, int) and not isinstance(value, bool))
    if not fits:
        raise UnknownNameError(
            f"Notebook {notebook}, parameter {name}: found {value!r} ({_kind(type(value))}), "
            f"expected {_kind(wanted)} such as {default!r}. Nothing was run."
        )


def _kind(kind: type) -> str:
    return {str: "a text", float: "a number", int: "a number", list: "a list"}.get(kind, kind.__name__)


def _require_range(values: Values, notebook: str) -> None:
    confidence = values.get("confidence", 0.95)
    if not LOWEST_CONFIDENCE <= confidence < 1:
        raise UnknownNameError(
            f"Notebook {notebook}, parameter confidence: found {confidence}, expected a number from 0.9 to below 1, "
            "such as 0.95 for 95%. Nothing was run."
        )
    _require_known("average", values, AVERAGES, notebook)
    _require_known("as_published", values, AS_PUBLISHED, notebook)
    _require_known("neighbours", values, ["", *(model.id for model in MODELS)], notebook)
    legal = get_args(Comparator)
    for name in values.get("comparators", []):
        if name not in legal:
            raise UnknownNameError(
                f"Notebook {notebook}, parameter comparators: {name!r} is not known. "
                f"{did_you_mean(str(name), legal)} Nothing was run."
            )


def _require_known(name: str, values: Values, legal: Iterable[str], notebook: str) -> None:
    names = list(legal)
    if name in values and values[name] not in names:
        raise UnknownNameError(
            f"Notebook {notebook}, parameter {name}: found {values[name]!r}. {did_you_mean(str(values[name]), names)} "
            "Nothing was run."
        )
