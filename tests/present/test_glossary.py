"""The glossary of pages: terms that a page uses and no others, in plain words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.present.glossary import glossary_html, terms_in
from analysis.report.plain_words import check_words
from analysis.sources.glossary import load_glossary

TERMS = load_glossary()


@pytest.mark.parametrize("name", list(TERMS))
def test_a_meaning_is_short_and_plain(name):
    meaning = TERMS[name].meaning
    assert len(meaning.split()) <= 45
    assert max(len(part.split()) for part in re.split(r"(?<=[.]) ", meaning)) <= 28
    assert meaning.endswith(".")
    assert check_words(f"<p>{meaning}</p>") == []


@given(st.lists(st.sampled_from(sorted(TERMS)), unique=True, max_size=6))
def test_every_term_that_stands_in_a_text_is_found(names):
    assert set(terms_in(". ".join(names))) == set(names)


@given(st.text(alphabet="abcdefghij .,", max_size=60))
def test_every_term_found_stands_there(text):
    for name in terms_in(text):
        assert any(form.casefold() in text.casefold() for form in (name, *TERMS[name].also))


def test_whole_words_and_the_longest_form():
    assert terms_in("meaning") == []
    assert terms_in("three or more placements") == ["three or more placements"]
    assert terms_in("Statistical neighbours") == ["statistical neighbours"]


def test_the_list_is_one_item_a_term():
    html = glossary_html(["chance", "Wilson"])
    assert html.count("<dt") == 2
    assert 'id="term-chance"' in html
