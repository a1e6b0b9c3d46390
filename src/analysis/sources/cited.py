"""Everything that a figure's identifier can point to: documents, releases, and groups of areas that are worked out here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from analysis.errors import UnknownNameError, did_you_mean
from analysis.sources.catalogue import Published, load_sources
from analysis.sources.neighbour_models import MODELS
from analysis.sources.releases import load_releases

#: Code of figures of a group of areas that the reader named.
OWN_GROUP_CODE = "OWN00"
#: Code of figures that are counted here from a council's own returns.
COUNTED_CODE = "RET00"


@cache
def load_published() -> Mapping[str, Published]:
    """Return every document, release and kind of comparator group by its code."""
    groups = [_group(f"SNM{model.id[2:]}", f"neighbours_{model.id}", model.words) for model in MODELS]
    own = _group(OWN_GROUP_CODE, "own_group", "Group of authorities chosen for this report")
    return {item.code: item for item in [*load_sources().values(), *load_releases().values(), *groups, own, _counted()]}


def published_of(figure: str) -> Published:
    """Return what a figure's identifier belongs to.

    Raises:
        UnknownNameError: no document, release or group has its code.

    Example:
        >>> published_of("CLA25.NR.M47").short, published_of("NCS21.011").short
        ('DfE, Children looked after, 2025 release', 'Nottingham scrutiny report, May 2021')
    """
    code = figure.partition(".")[0]
    found = load_published().get(code)
    if found is None:
        raise UnknownNameError(f"{figure!r}: no source has the code {code!r}. {did_you_mean(code, load_published())}")
    return found


def _counted() -> Published:
    return Published(
        id="own_returns", code=COUNTED_CODE, short="the council’s own returns", title="Counted here from the council’s own returns (SSDA903, CIN Census)",
        publisher="not published", author="Worked out here", published="2025", covers="the years of the returns that were given",
        licence="none: not for publication", sensitivity="restricted",
        note="Counted by the rules named beside each figure; not published, and not checked by the Department for Education. Counts of 1 to 5 are hidden.",
    )  # fmt: skip


def _group(code: str, name: str, words: str) -> Published:
    return Published(
        id=name, code=code, short=words, title=f"{words}: worked out here from the figures of its members",
        publisher="this project", author="Worked out here", published="2025", covers="the periods of its members' figures",
        licence="Open Government Licence v3.0", sensitivity="open",
    )  # fmt: skip
