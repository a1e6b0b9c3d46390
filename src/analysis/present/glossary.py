"""The terms that a page uses, with their meaning in plain words."""

from __future__ import annotations

import re
from functools import cache
from html import escape

from analysis.sources.glossary import load_glossary


def terms_in(text: str) -> list[str]:
    """Return the terms of the glossary that stand in a text, in any of their forms, in the order of the alphabet.

    A form inside a longer one is not found by itself: "placement" does not stand in "three or more placements".

    Example:
        >>> terms_in("The share of repeat plans rose by 3 percentage points.")
        ['percentage points', 'second or subsequent', 'share']
    """
    owners = _owners()
    found = {owners[re.sub(r"\s+", " ", match[0]).casefold()] for match in _pattern().finditer(text)}
    return sorted(found, key=str.casefold)


def glossary_html(terms: list[str]) -> str:
    """Return terms with their meanings as a list."""
    known = load_glossary()
    items = "".join(
        f'<div><dt id="term-{_slug(name)}">{escape(name)}</dt> <dd>{escape(known[name].meaning)}{_source(name)}</dd></div>'
        for name in terms
    )
    return f'<dl class="glossary">{items}</dl>'


def _source(name: str) -> str:
    source = load_glossary()[name].source
    return f' <span class="tag">({escape(source)}.)</span>' if source else ""


@cache
def _owners() -> dict[str, str]:
    return {form.casefold(): name for name, term in load_glossary().items() for form in (name, *term.also)}


@cache
def _pattern() -> re.Pattern[str]:
    forms = sorted(_owners(), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, forms)) + r")(?![\w-])", flags=re.I)


def _slug(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", name.casefold()))
