"""What exhibits can be at their worst: a page is sound and every format is made, or a clear message says why not."""

import nbformat
import pandas as pd
import pytest
from document_cases import HOSTILE, LONG, chart

from analysis.errors import CatalogueError
from analysis.present.exhibits import Exhibit, sources
from analysis.present.tabulating import Table
from analysis.report.export import export_report
from analysis.report.soundness import check_page

KINDS = ("text", "number", "figures")
FIGURES = pd.DataFrame({
    "figure": ["NCS21.011"], "indicator": "cp_plan_rate", "area_name": "Nottingham", "period": "2020-21", "period_basis": "stated",
    "breakdown_topic": "Total", "breakdown": "Total", "value": 89.0, "status": "reported", "value_type": "observed",
    "precision": 0, "source": "nottingham_scrutiny_2021_05", "citation": "A citation", "locator": "section 1",
    "quote": "89 children per 10,000", "note": "",
})  # fmt: skip


def executed(*exhibits, title="How many?"):
    """A notebook as if it had been run: a title, a headline, the exhibits, their sources."""
    shown = [
        Exhibit(
            "headline", "headline", ("There were 89[[NCS21.011]].",), body="<p>There were 89.</p>", cites=("NCS21.011",)
        )
    ]
    shown += exhibits
    cells = [nbformat.v4.new_markdown_cell(f"# {title}"), nbformat.v4.new_markdown_cell("## Over time")]
    for item in shown:
        output = nbformat.v4.new_output("display_data", data=item._repr_mimebundle_())
        cells.append(nbformat.v4.new_code_cell("x = 1", outputs=[output]))
    return nbformat.v4.new_notebook(cells=cells)


def trend(
    caption="Rates", cells=(("Nottingham", "89", "NCS21.011"),), sentence="It rose[[NCS21.011]].", alt="", picture=True
):
    svg, png = chart() if picture else ("", b"")
    table = Table(caption, ("Who", "Per 10,000", "Figures"), KINDS, cells) if cells else None
    return Exhibit("trend", "trend", (sentence,), table, FIGURES.iloc[:0], svg, png,
                   alt or "Line chart of a rate that rises to 89.", cites=("NCS21.011",))  # fmt: skip


def report(*exhibits, figures=FIGURES, formats=("html", "docx", "xlsx", "ods"), **more):
    listed = sources(figures, exhibits)
    return export_report(
        executed(*exhibits, listed, **more), name="09_worst", area=HOSTILE, year="2020-21", formats=formats
    )  # fmt: skip


WORST = {
    "a sound one": trend(),
    "nothing to draw": trend(picture=False),
    "no table": trend(cells=None),
    "a table without rows": trend(cells=()),
    "a caption of 300 words": trend(caption=LONG),
    "a caption with tags": trend(caption=HOSTILE),
    "a name with tags": trend(cells=((HOSTILE, "89", "NCS21.011"),)),
    "a sentence with tags": trend(sentence=f"In {HOSTILE} it rose[[NCS21.011]]."),
    "alt text with quotes": trend(alt=f"Chart of {HOSTILE}, {LONG}"),
    "a formula": trend(cells=(("=1+1", "89", "NCS21.011"), ("@SUM(A1)", "5", "NCS21.011"))),
}


@pytest.mark.parametrize("exhibit", WORST.values(), ids=list(WORST))
def test_every_format_of_the_worst(exhibit):
    made = report(exhibit)
    html = made.files["09_worst.html"].decode()
    assert check_page(html) == []
    assert "<script>alert" not in html
    assert {"09_worst.docx", "09_worst.xlsx", "09_worst.ods"} <= set(made.files)
    for path, content in made.files.items():
        if path.endswith(".csv"):
            assert not any(line.startswith(("=", "@", "+")) for line in content.decode("utf-8-sig").splitlines())


def test_a_figure_without_words_says_so():
    made = report(trend(), figures=FIGURES.assign(quote=None))
    html = made.files["09_worst.html"].decode()
    assert "The words that hold it are not recorded." in html
    assert 'id="figure-NCS21.011"' in html


def test_a_title_with_tags_is_text():
    made = report(trend(), title="Is a &lt;b&gt; bigger?")
    assert made.files["09_worst.html"].decode().count("<h1") == 1


def test_a_chart_without_a_description_is_refused():
    with pytest.raises(CatalogueError, match="a picture is not described"):
        report(trend(alt="x"))


def test_words_of_code_are_refused():
    with pytest.raises(CatalogueError, match="a name of code: “cp_plan_rate rose"):
        report(trend(sentence="cp_plan_rate rose[[NCS21.011]]."))


def test_code_stands_on_the_page_only_when_it_is_asked_for():
    notebook = executed(trend(), sources(FIGURES, [trend()]))
    pages = [
        export_report(notebook, name="09", area="A", year="2020-21", code=asked).files["09.html"].decode()
        for asked in (False, True)
    ]
    assert "<code>" not in pages[0]
    assert pages[1].count("<summary>Code of this step</summary>") == 3
    assert check_page(pages[1]) == []


def test_what_goes_with_a_chart_stands_beside_it():
    made = report(trend())
    words = made.files["charts/09_trend.txt"].decode("utf-8-sig")
    assert words.startswith("Caption: Rates\nSource: Nottingham scrutiny report, May 2021.\nAlt text: Line chart")
    assert made.files["charts/09_trend.png"] == chart()[1]
