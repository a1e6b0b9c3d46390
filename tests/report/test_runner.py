"""A failing notebook: one message, the partial notebook kept, the others go on, the old report as it was."""

import nbformat
import pytest

from analysis.errors import CatalogueError, NotebookFailedError
from analysis.present import exhibits
from analysis.report import batch
from analysis.report.batch import make_order, make_reports
from analysis.report.exhibited import exhibits_of
from analysis.report.export import export_report
from analysis.report.manifest import read_manifest
from analysis.report.runner import list_notebooks, run_notebook
from analysis.report.site.made import found_in


def notebook(tmp_path, name, *cells):
    content = nbformat.v4.new_notebook()
    content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for kind, source in cells:
        make = nbformat.v4.new_markdown_cell if kind == "md" else nbformat.v4.new_code_cell
        cell = make(source)
        if kind == "parameters":
            cell.metadata["tags"] = ["parameters"]
        content.cells.append(cell)
    path = tmp_path / f"{name}.ipynb"
    nbformat.write(content, path)
    return path


PARAMETERS = ("parameters", 'area = "Nottingham"  # area\nyear = "2020-21"  # year')
SHOW = """from analysis.present.exhibits import Exhibit
Exhibit("headline", "headline", ("All is well.",), body="<p>All is well.</p>")"""


@pytest.fixture
def two_notebooks(tmp_path, monkeypatch):
    """One that works and one that stops under its second heading."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    paths = {
        "01_good": notebook(folder, "01_good", ("md", "# Good?"), PARAMETERS, ("code", SHOW)),
        "02_bad": notebook(
            folder, "02_bad", ("md", "# Bad?"), PARAMETERS, ("code", "x = 1"), ("md", "## Where it stops"),
            ("code", "raise ValueError('the reason')"), ("md", "## Never reached"),
        ),
    }  # fmt: skip
    monkeypatch.setattr(batch, "list_notebooks", lambda: paths)
    return paths


def test_one_that_fails_does_not_stop_the_others(two_notebooks, tmp_path):
    output = tmp_path / "outputs"
    order = make_order([], area="Nottingham", year="2020-21", output=output)
    folder = order.folder
    (folder / "02_bad.html").write_text("an earlier report")
    outcome = make_reports(order)
    assert list(outcome.pages) == ["01_good"]
    message = str(outcome.failures["02_bad"])
    for words in ("02_bad", "Where it stops", "ValueError: the reason", "02_bad.failed.ipynb"):
        assert words in message
    assert (folder / "02_bad.html").read_text() == "an earlier report"
    partial = nbformat.read(folder / "02_bad.failed.ipynb", as_version=4)
    assert partial.cells[-1].source == "## Never reached"
    assert list(read_manifest(folder).reports) == ["01_good"]
    assert "All is well." in (output / "index.html").read_text()
    assert not list(output.rglob(".partial-*"))


def test_a_run_that_is_stopped_lists_what_was_finished(two_notebooks, tmp_path, monkeypatch):
    order = make_order([], area="Nottingham", year="2020-21", output=tmp_path / "outputs")
    really = batch.run_notebook

    def stop_at_the_second(path, values, **more):
        if path.stem == "02_bad":
            raise KeyboardInterrupt
        return really(path, values, **more)

    monkeypatch.setattr(batch, "run_notebook", stop_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        make_reports(order)
    assert list(read_manifest(order.folder).reports) == ["01_good"]
    assert "All is well." in (tmp_path / "outputs" / "index.html").read_text()
    assert not list(tmp_path.rglob(".partial-*"))


def test_a_kernel_that_dies_is_one_message(tmp_path):
    path = notebook(tmp_path, "09_dies", ("md", "# Dies?"), ("code", "import os\nos._exit(1)"))
    with pytest.raises(NotebookFailedError, match="its kernel died"):
        run_notebook(path, {}, failed=tmp_path / "failed.ipynb")


def test_two_exhibits_of_one_name_are_refused(tmp_path):
    path = notebook(tmp_path, "09_twins", ("md", "# Twins?"), ("code", SHOW), ("code", SHOW))
    executed = run_notebook(path, {}, failed=tmp_path / "failed.ipynb")
    with pytest.raises(CatalogueError, match="'headline'"):
        exhibits_of(executed)


def test_a_link_that_leads_nowhere_is_refused(tmp_path):
    cell = SHOW.replace("<p>All is well.</p>", '<p><a href=\\"#figure-NCS21.011\\">89</a></p>')
    path = notebook(tmp_path, "09_link", ("md", "# Link?"), ("code", cell))
    executed = run_notebook(path, {}, failed=tmp_path / "failed.ipynb")
    with pytest.raises(CatalogueError, match=r"figure-NCS21\.011"):
        export_report(executed, name="09_link", area="Nottingham", year="2020-21")


def test_the_real_notebooks_are_found():
    assert list(list_notebooks()) == [
        "01_rates_per_10000", "02_repeat_child_protection_plans", "03_placement_stability", "04_advocacy_uptake",
        "05_reviewing_service", "06_performance_scorecard", "07_where_the_sources_disagree", "09_check_my_return",
    ]  # fmt: skip


def test_an_empty_folder_lists_nothing(tmp_path):
    assert found_in(tmp_path) == []


def test_an_exhibit_carries_itself():
    bundle = exhibits.Exhibit("x", "level", ("Words.",))._repr_mimebundle_()
    assert bundle["text/plain"] == "Words."
    assert "<p>Words.</p>" in bundle["text/html"]
