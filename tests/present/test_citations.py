"""Where numbers come from: each identifier on the page once, and every kind of source is known."""

from cases import I, beside, rate, row

from analysis.present import exhibits, phrases
from analysis.present.citations import source_line, source_of, sources_html
from analysis.present.formatting import cite, cited_in, value_of


def figures(*names):
    columns = {"source": "ncc_scrutiny_2021", "quote": "a quote", "locator": "table 1", "note": "", "citation": "A citation",
               "period_basis": "stated"}  # fmt: skip
    return row().loc[[0] * len(names)].assign(figure=list(names), **columns)


def test_an_identifier_stands_on_the_page_once():
    html = sources_html(figures("NCS21.011", "NCS21.011", "NCS21.012"), ["NCS21.011", "NCS21.012"])
    assert html.count('id="figure-NCS21.011"') == 1
    assert html.count('id="figure-NCS21.012"') == 1


def test_releases_and_groups_are_sources_too():
    assert "Children looked after" in source_of("CLA25.NR.M47").short
    assert "2025 model" in source_of("SNM25.12").short
    assert source_line(["SNM25.12", "SNM25.13"]).count("model") == 1
    assert cited_in(cite("CLA25.NR.M47;SNM25.12;CIN25.D5.L30.R")) == ["CLA25.NR.M47", "SNM25.12", "CIN25.D5.L30.R"]


def test_the_status_of_a_row_says_nothing_of_the_value_beside_it():
    hidden = row(status="suppressed", other_value=float("nan"), other_status="not_available").iloc[0]
    assert value_of(hidden, I["cp_plan_rate"]) == "suppressed (c)"
    assert value_of(hidden, I["cp_plan_rate"], prefix="other_") == "not available (x)"
    assert value_of(hidden.drop("other_status"), I["cp_plan_rate"], prefix="other_") == "not held"


def test_a_note_says_what_a_figure_is_worked_out_from():
    rows = rate(684, 69_213, status="worked_out", note="Worked out here from the cells quoted")
    assert phrases.worked_out(rows.iloc[0]) == ["Worked out here from the cells quoted."]
    assert "population that other figures imply" in phrases.worked_out(rows.assign(note="Another note").iloc[0])[0]
    assert not phrases.worked_out(rows.assign(status="reported").iloc[0])


def test_a_chart_of_official_figures_names_its_release():
    rows = beside(rate(616, 69_213, figure="CIN25.D5.L30", cites="CIN25.D5.L30;SNM25.12"),
                  [("statistical neighbours (2025 model, median)", 63, "2020-21")])  # fmt: skip
    exhibit = exhibits.comparison(rows.assign(benchmark_figure="SNM25.12"), I["cp_plan_rate"])
    assert exhibit.cites == ("CIN25.D5.L30", "SNM25.12")
    assert "DfE, Children in need, 2025 release" in exhibit.html()
