"""In which line of an XML file an element stands."""

from __future__ import annotations

from typing import Any

#: The last line that the parser keeps with an element.
_LAST_EXACT = 65_535


def line_of(element: Any) -> int:
    """Return the line of an element; beyond its largest number the parser gives the line at which the element's first text ends.

    Args:
        element: an element of lxml.
    """
    line = int(element.sourceline or 0)
    return line - (element.text or "").count("\n") if line > _LAST_EXACT else line
