"""The file of the glossary: strict, each form once."""

import pytest

from analysis.errors import CatalogueError
from analysis.sources import glossary


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    (tmp_path / "catalogue").mkdir()
    monkeypatch.setattr(glossary, "data_folder", lambda: tmp_path)
    glossary.load_glossary.cache_clear()
    yield tmp_path / "catalogue" / "glossary.yml"
    glossary.load_glossary.cache_clear()


def test_a_form_of_two_terms_is_an_error(catalogue):
    catalogue.write_text("a:\n  meaning: One.\n  source: ''\nb:\n  also: [A]\n  meaning: Two.\n  source: ''\n")
    with pytest.raises(CatalogueError, match="'A' is a form of both 'a' and 'b'"):
        glossary.load_glossary()


def test_a_key_that_is_not_known_is_an_error(catalogue):
    catalogue.write_text("a:\n  meaning: One.\n  source: ''\n  sauce: x\n")
    with pytest.raises(CatalogueError, match="sauce"):
        glossary.load_glossary()
