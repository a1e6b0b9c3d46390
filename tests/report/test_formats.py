"""Formats by name, and tools that are missing: known before anything is run."""

import pytest

from analysis.errors import OutputError, UnknownNameError
from analysis.report.formats import FORMATS, parse_formats, require_tools


def test_the_page_is_always_made():
    assert parse_formats("") == ("html",)
    assert parse_formats("pdf,html,pdf") == ("html", "pdf")
    assert set(parse_formats(",".join(FORMATS))) == set(FORMATS)


def test_a_format_that_is_not_known():
    with pytest.raises(UnknownNameError, match=r"'docs'. Did you mean docx\?"):
        parse_formats("pdf,docs")


def test_a_pdf_without_a_browser_is_refused_before_the_run(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("ANALYSIS_BROWSER", "/nowhere/browser")
    with pytest.raises(OutputError, match="ANALYSIS_BROWSER"):
        require_tools(("html", "pdf"))


def test_a_template_that_is_not_there_is_refused_before_the_run(tmp_path):
    with pytest.raises((OutputError, UnknownNameError), match=r"council\.docx"):
        require_tools(("html", "docx"), reference_doc=tmp_path / "council.docx")


def test_formats_that_need_no_tool():
    require_tools(("html", "xlsx", "ods"))
