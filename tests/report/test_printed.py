"""The printed form of a page: nothing that serves the screen, everything open, no way out."""

import base64

from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.printed import printed_html, with_pngs

PAGE = (
    "<html><head><title>T</title><script>var x = 1</script></head><body><a class='skip' data-screen href='#main'>Skip</a>"
    "<header data-screen><nav><a href='../../index.html'>All</a></nav></header><main id='main'><h1>T</h1>"
    "<p>There were <a href='#figure-1'>89</a>, see <a href='../../sources/a.html#figure-1'>the <b>source</b></a> and "
    "<a href='https://www.gov.uk/'>gov.uk</a>.</p>"
    "<figure data-exhibit='trend'><img src='data:image/svg+xml,x' alt='A chart'></figure>"
    "<details class='data'><summary>Data</summary><table><caption>C</caption></table></details>"
    "<p class='files' data-screen><a href='charts/x.svg'>SVG</a></p><dl><dt id='figure-1'>1</dt></dl></main></body></html>"
)


def test_what_serves_the_screen_is_gone():
    page = BeautifulSoup(printed_html(PAGE), "html.parser")
    assert not page.select("[data-screen], script, details, summary, nav")
    assert page.select_one("div.data table caption").text == "C"


def test_links_within_stay_and_those_to_other_files_become_words():
    page = BeautifulSoup(printed_html(PAGE), "html.parser")
    assert [link["href"] for link in page.select("a")] == ["#figure-1", "https://www.gov.uk/"]
    assert "see the source and" in page.get_text()


def test_charts_become_png():
    html = with_pngs(PAGE, {"trend": b"png", "other": b"no"})
    assert f"data:image/png;base64,{base64.b64encode(b'png').decode()}" in html
    assert "svg+xml" not in html


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=80))
def test_words_are_kept_whatever_they_are(words):
    page = BeautifulSoup("<p></p>", "html.parser")
    page.p.append(words)
    assert BeautifulSoup(printed_html(str(page)), "html.parser").p.get_text() == words
