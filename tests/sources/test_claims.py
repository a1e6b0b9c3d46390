"""Claims in words: each stands in its document to the letter and speaks of figures that are held."""

import re
import shutil
from typing import get_args

import pytest
import yaml

from analysis.errors import CatalogueError
from analysis.sources import claims, folders
from analysis.sources.catalogue import load_sources
from analysis.sources.claims import Claim, load_claims
from analysis.sources.published import read_published

DOCUMENTS = {"NCS21": "000", "PIR18": "001", "NCP23": "002", "NCP21": "003", "NIC12": "004"}


def test_every_document_has_its_claims():
    assert {name.partition(".")[0] for name in load_claims()} == {source.code for source in load_sources().values()}


def test_every_quote_stands_in_its_document_to_the_letter(source_texts):
    wrong = []
    for name, claim in load_claims().items():
        document, position = source_texts[DOCUMENTS[name.partition(".")[0]]], 0
        for piece in claim.quote.split(" … "):
            position = document.find(piece, position)
            if position < 0:
                wrong.append((name, piece))
                break
        other = source_texts[DOCUMENTS[claim.beside_source]] if claim.beside_source else document
        if claim.beside not in other:
            wrong.append((name, claim.beside))
    assert not wrong


def test_every_claim_speaks_of_figures_that_are_held():
    held = set(read_published()["figure"])
    assert not {figure for claim in load_claims().values() for figure in claim.figures} - held


def test_no_verdict_is_written_down():
    """What a claim assumes is how it was read; whether it holds is for the rules to say."""
    for name, claim in load_claims().items():
        assert "disagree" not in claim.assumes.casefold(), name


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"says": "hihger"}, "Did you mean higher"),
        ({"than": []}, "needs `than`"),
        ({"says": "within", "numbers": [50]}, "needs 2 in `numbers`"),
        ({"says": "ranked", "numbers": [1, 2]}, "a rank in `numbers` for each"),
        ({"says": "labelled"}, "needs `when`"),
        ({"says": "overlap", "numbers": [11, 15]}, "needs 4 in `numbers`"),
        ({"says": "overlap", "numbers": [11, 15, 16, 21]}, "overlap needs `beside`"),
        ({"says": "both_ways", "words": ["y"]}, "two words, or more"),
        ({"says": "both_ways", "words": ["y", "x"]}, "that stand in the quote"),
        ({"quote": ""}, "at least 1 character"),
        ({"figures": ["x"]}, "this key is not known"),
    ],
)
def test_a_mistake_is_one_clear_message(tmp_path, monkeypatch, change, says):
    good = {"says": "higher", "of": ["PIR18.010"], "than": ["PIR18.001"], "locator": "x", "quote": "y", "assumes": "z"}
    with pytest.raises(CatalogueError, match=says):
        _read(tmp_path, monkeypatch, yaml.safe_dump({"PIR18.C01": {**good, **change}}))


def test_an_identifier_of_another_document_is_refused(tmp_path, monkeypatch):
    text = "NCS21.C01: {says: no_figure, of: [PIR18.010], locator: x, quote: y, assumes: z}\n"
    with pytest.raises(CatalogueError, match=r"must be PIR18\.C and two digits"):
        _read(tmp_path, monkeypatch, text)


def _read(tmp_path, monkeypatch, text):
    shutil.copytree(folders.data_folder() / "catalogue", tmp_path / "catalogue")
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "peterborough_iro_2018.claims.yml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(claims, "data_folder", lambda: tmp_path)
    return load_claims.__wrapped__()


def test_a_claim_holds_its_figures_in_order():
    claim = Claim(says="higher", of=["A", "B"], than=["C"], locator="x", quote="y", assumes="z")
    assert claim.figures == ("A", "B", "C")


def test_the_guide_names_all_that_words_can_say():
    guide = (folders.data_folder().parent / "docs" / "claims-in-words.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in guide.splitlines() if line.startswith("| `") and "`says`" not in line]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(get_args(claims.Says))
