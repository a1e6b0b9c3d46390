"""A small page with all that a document must carry, and the worst names that there can be."""

from functools import cache

from analysis.present.drawing import canvas, png_of, svg_of
from analysis.present.exhibits import as_address

HOSTILE = "<script>alert('x')</script> & \"quotes\""
ESCAPED = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
LONG = " ".join(f"word{number}" for number in range(300))


@cache
def chart():
    with canvas(2.0) as (figure, axes):
        axes.plot([1, 2], [60, 89])
    return svg_of(figure), png_of(figure)


def page(title="How many?", caption="Rates", alt="Line chart of a rate that rises from 60 to 89."):
    svg, _ = chart()
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><title>{title}</title><style>body{{font:10pt sans-serif}}</style></head><body>'
        f'<main id="main"><h1>{title}</h1><p>There were 89<sup class="cite"><a href="#figure-NCS21.011">NCS21.011</a></sup>.</p>'
        f'<h2 id="over-time">Over time</h2><figure data-exhibit="trend"><img src="{as_address(svg)}" alt="{alt}">'
        f'<figcaption>{caption}.</figcaption></figure><div class="table"><table><caption>{caption}</caption><thead><tr>'
        '<th scope="col">Who</th><th scope="col" class="number">Per 10,000</th></tr></thead><tbody><tr>'
        '<th scope="row">Nottingham</th><td class="number">89</td></tr></tbody></table></div>'
        '<h3>Sources</h3><dl class="figures"><div><dt id="figure-NCS21.011">NCS21.011</dt>'
        "<dd><q>89 children per 10,000</q></dd></div></dl></main></body></html>"
    )
