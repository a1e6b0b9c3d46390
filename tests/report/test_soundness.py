"""The rules that a page keeps before it is written: each one broken by itself, in a page that is otherwise sound."""

import pytest

from analysis.errors import CatalogueError
from analysis.report.soundness import check_page, require_sound

ALT = "Line chart of a rate that rises from 60 to 89."
SOUND = (
    '<html lang="en-GB"><head><title>How many? Nottingham, 2020-21</title></head><body><main><h1>How many?</h1>'
    f'<p>There were <a href="#figure-1">89</a>.</p><figure><img src="data:," alt="{ALT}"></figure>'
    '<table><caption>Rates</caption><thead><tr><th scope="col">Who</th></tr></thead>'
    '<tbody><tr><th scope="row">Nottingham</th></tr></tbody></table><dl><dt id="figure-1">1</dt></dl></main></body></html>'
)


def test_a_sound_page_has_no_problem():
    assert check_page(SOUND) == []
    assert require_sound(SOUND, "01") == SOUND


@pytest.mark.parametrize(
    ("was", "broken", "says"),
    [
        ("<title>How many? Nottingham, 2020-21</title>", "<title>Notebook</title>", "no title"),
        ("<h1>How many?</h1>", "", "0 headings of the first level"),
        ("<h1>How many?</h1>", "<h1>How many?</h1><h1>And?</h1>", "2 headings of the first level"),
        (ALT, "No description has been provided for this image", "not described"),
        (ALT, "chart.png", "not described"),
        (f' alt="{ALT}"', "", "not described"),
        ("<caption>Rates</caption>", "", "no caption"),
        ('<th scope="col">', "<th>", "does not say what it heads"),
        ('<th scope="row">', '<th class="number">', "does not say what it heads"),
        ('href="#figure-1"', 'href="#figure-2"', "'figure-2'"),
        ("</main>", "<table><caption>Rates</caption></table></main>", "two tables are called 'Rates'"),
    ],
)
def test_each_rule(was, broken, says):
    problems = check_page(SOUND.replace(was, broken))
    assert len(problems) == 1
    assert says in problems[0]


def test_all_problems_are_listed_at_once():
    page = SOUND.replace(ALT, "").replace("<caption>Rates</caption>", "")
    with pytest.raises(CatalogueError, match=r"01.*not described.*no caption"):
        require_sound(page, "01")
