"""Where numbers come from: each identifier on the page once, and every kind of source is known."""

import pandas as pd
from cases import I, beside, choices, ranked, rate, row

from analysis.present import exhibits, phrases
from analysis.present.citations import source_line, source_of
from analysis.present.formatting import cite, cited_in, value_of


def figures(*names):
    columns = {"source": "ncc_scrutiny_2021", "quote": "a quote", "locator": "table 1", "note": "", "citation": "A citation",
               "period_basis": "stated"}  # fmt: skip
    return row().loc[[0] * len(names)].assign(figure=list(names), **columns)


def test_an_identifier_stands_on_the_page_once():
    shown = exhibits.Exhibit("x", "level", cites=("NCS21.011", "NCS21.012"))
    html = exhibits.sources(figures("NCS21.011", "NCS21.011", "NCS21.012"), [shown]).html()
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


def everywhere(size=20):
    """All authorities in the order of their rates, each from a cell of its own."""
    cells = [f"CLA25.NR.M{place + 2}" for place in range(size)]
    return ranked([(100 + place, 10_000) for place in range(size)]).assign(
        figure=cells, cites=cells, source="cla_2025", citation="DfE", period_basis="stated", note="", locator="file, row",
        quote=[f"rate: {100 + place}" for place in range(size)],
    )  # fmt: skip


def test_figures_of_all_authorities_are_named_and_those_that_the_page_links_to_are_quoted():
    exhibit = exhibits.rank(everywhere(), I["cla_rate"])
    nothing = everywhere(1).iloc[:0]
    html = exhibits.sources(nothing, [exhibit]).html()
    linked = {figure for cells in exhibit.table.cells for figure in cells[-1].split(";")}
    assert len(linked) == 7, "the area is the last: five next to it and the first"
    for figure in exhibit.cites:
        assert (f'id="figure-{figure}"' in html) == (figure in linked), figure
        assert figure in html
    assert html.count("<q>") == 7
    assert "in the file of rows: CLA25.NR.M" in html


def test_a_figure_that_another_exhibit_uses_is_quoted_too():
    rows = everywhere()
    other = rows.iloc[[10]]
    html = exhibits.sources(rows, [exhibits.rank(rows, I["cla_rate"]), exhibits.level(other, I["cla_rate"])]).html()
    assert f'id="figure-{other["figure"].iloc[0]}"' in html


def test_caveats_of_others_are_not_told_as_those_of_the_area():
    rows = everywhere().assign(caveat=["About it: Text.", "About another: Text.", *[""] * 18])
    exhibit = exhibits.rank(rows, I["cla_rate"])
    assert exhibit.caveats[0] == "About it: Text."
    assert len(exhibit.caveats) == 2
    assert "other authorities" in exhibit.caveats[1]
    assert exhibits.rank(everywhere(), I["cla_rate"]).caveats == ()


def test_two_caveats_of_one_short_form_are_told_apart():
    rows = pd.concat([row(value=1.0, caveat="New: Of one."), row(value=2.0, caveat="New: Of another.")])
    html = exhibits.level(rows, I["cp_plan_rate"]).html()
    slugs = [part.partition('"')[0] for part in html.split('data-caveat="')[1:]]
    assert len(set(slugs)) == 2


def test_choices_without_identifiers_have_no_column_for_them():
    rows = choices(row("cla_rate", 88), [("2025", "median", 84, 10, 10)])
    assert "Figures" in exhibits.choice(rows, I["cla_rate"]).table.headings
    assert "Figures" not in exhibits.choice(rows.assign(benchmark_figure=""), I["cla_rate"]).table.headings


def test_a_comparator_that_names_its_members_itself_is_not_counted_twice():
    known_as = "statistical neighbours (2025 model, median, 9 of 10 with data)"
    rows = beside(
        rate(616, 69_213), [(known_as, 63, "2020-21"), ("the group chosen (mean, 3 of 3 with data)", 63, "2020-21")]
    )
    rows = rows.assign(benchmark_members=10, benchmark_with_data=9)
    assert phrases.whose(rows.iloc[0]) == f"its {known_as}"
    assert phrases.whose(rows.iloc[1]) == "the group chosen (mean, 3 of 3 with data)"
    assert phrases.named(rows.iloc[0]) == "statistical neighbours (2025 model, median)"
