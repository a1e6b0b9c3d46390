"""PDF by a real browser: tagged, titled, described, numbered; the same bytes twice; nothing of the machine in it."""

import io
import os
import re
import stat

import pikepdf
import pytest
from document_cases import ESCAPED, HOSTILE, LONG, page

from analysis.errors import OutputError
from analysis.report.pdf import _renumber_nodes, find_browser, pdf_of
from conftest import in_ci


@pytest.fixture(scope="session")
def has_browser():
    try:
        find_browser()
    except OutputError as error:
        if in_ci():
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def document(has_browser, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    path.write_bytes(pdf_of(page(), title="How many? Nottingham, 2020-21"))
    with pikepdf.open(path) as opened:
        yield opened


def elements(node, kind=None):
    """The elements of a tag tree, in the order in which they are read."""
    if isinstance(node, pikepdf.Array):
        for item in node:
            yield from elements(item, kind)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        if kind is None or str(node.S) == kind:
            yield node
        if "/K" in node:
            yield from elements(node.K, kind)


def tree(document):
    return document.Root.StructTreeRoot.K


def test_it_is_tagged_titled_and_in_english(document):
    assert document.Root.MarkInfo.Marked
    assert str(document.Root.Lang) == "en-GB"
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert str(document.docinfo["/Title"]) == "How many? Nottingham, 2020-21"
    with document.open_metadata() as metadata:
        assert metadata["dc:title"] == "How many? Nottingham, 2020-21"


def test_headings_are_tags_in_their_order(document):
    kinds = [str(item.S) for item in elements(tree(document))]
    assert [kind for kind in kinds if kind in ("/H1", "/H2", "/H3")] == ["/H1", "/H2", "/H3"]


def test_each_picture_is_described(document):
    figures = list(elements(tree(document), "/Figure"))
    assert [str(item.Alt) for item in figures] == ["Line chart of a rate that rises from 60 to 89."]


def test_tables_have_headings_that_say_what_they_head(document):
    heads = list(elements(tree(document), "/TH"))
    scopes = {str(part.Scope) for item in heads for part in item.A if "/Scope" in part}
    assert len(heads) == 3
    assert scopes == {"/Column", "/Row"}


def test_a_citation_leads_to_its_figure_and_nothing_leads_out(document):
    links = [note for sheet in document.pages for note in sheet.get("/Annots", []) if note.Subtype == "/Link"]
    assert len(links) == 1
    assert "/Dest" in links[0] or links[0].A.S == "/GoTo"


def test_there_are_bookmarks(document):
    with document.open_outline() as outline:
        titles = [outline.root[0].title, *[item.title for item in outline.root[0].children]]
    assert titles == ["How many?", "Over time"]


def test_pages_are_numbered(has_browser):
    """The numbers are drawn at the foot of each page, so a page without them has less to draw."""
    many = page().replace("</main>", f"<p>{LONG}</p>" * 12 + "</main>")
    with pikepdf.open(io.BytesIO(pdf_of(many, title="T"))) as opened:
        assert len(opened.pages) > 1
        for sheet in opened.pages:
            drawn = pikepdf.parse_content_stream(sheet)
            texts = sum(str(operator) in ("Tj", "TJ") for _, operator in drawn)
            assert texts >= 2, "title and number"


def test_it_is_the_same_twice_and_holds_nothing_of_the_machine(has_browser, tmp_path):
    one, other = (pdf_of(page(), title="T") for _ in range(2))
    assert one == other
    path = tmp_path / "raw.pdf"
    with pikepdf.open(io.BytesIO(one)) as opened:
        opened.save(path, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
    raw = path.read_bytes()
    assert not re.search(rb"file:|/tmp|/home|/root|CreationDate|ModDate|HeadlessChrome", raw)


@pytest.mark.parametrize("changes", [{"title": ESCAPED}, {"caption": LONG}, {"caption": ESCAPED}])
def test_the_worst_names(has_browser, changes):
    with pikepdf.open(io.BytesIO(pdf_of(page(**changes), title=HOSTILE))) as opened:
        assert str(opened.docinfo["/Title"]) == HOSTILE
        assert list(elements(tree(opened), "/H1"))


def test_no_browser_is_one_message(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("ANALYSIS_BROWSER", raising=False)
    monkeypatch.setattr("analysis.report.pdf.PLACES", ())
    with pytest.raises(OutputError, match=r"chromium.*ANALYSIS_BROWSER.*leave pdf out of --formats"):
        find_browser()


def test_a_browser_that_is_named_but_not_there(monkeypatch):
    monkeypatch.setenv("ANALYSIS_BROWSER", "/nowhere/chrome")
    with pytest.raises(OutputError, match=r"ANALYSIS_BROWSER names '/nowhere/chrome'"):
        find_browser()


@pytest.mark.skipif(os.name == "nt", reason="needs shell scripts in place of a browser")
@pytest.mark.parametrize(
    ("script", "says"),
    [("exit 1", "ended with code 1"), ("exec sleep 30", "more than 0.5 seconds"), ("exit 0", "made no PDF")],
)
def test_a_broken_browser_is_one_message(monkeypatch, tmp_path, script, says):
    broken = tmp_path / "browser"
    broken.write_text(f"#!/bin/sh\n{script}\n")
    broken.chmod(broken.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("ANALYSIS_BROWSER", str(broken))
    with pytest.raises(OutputError, match=says):
        pdf_of(page(), title="T", limit=0.5)


@pytest.mark.parametrize("start", [1, 55, 99_999])
def test_identifiers_of_tags_are_counted_from_one(start):
    """The browser counts on from wherever it was; headings and the cells that name them must still agree."""
    document = pikepdf.new()
    head, cell = (document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name(kind))) for kind in ("/TH", "/TD"))
    head.ID = pikepdf.String(f"node{start:08d}")
    cell.ID = pikepdf.String(f"node{start + 6:08d}")
    cell.A = pikepdf.Array([pikepdf.Dictionary(Headers=pikepdf.Array([pikepdf.String(f"node{start:08d}")]))])
    cell.T = pikepdf.String("node of a network")
    _renumber_nodes(document)
    assert (str(head.ID), str(cell.ID)) == ("node00000001", "node00000002")
    assert str(cell.A[0].Headers[0]) == "node00000001"
    assert str(cell.T) == "node of a network"
