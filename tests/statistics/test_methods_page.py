"""The page of methods tells the truth: its examples run, and no statistic is left out or made up."""

from __future__ import annotations

import ast
import doctest
import importlib
import json
import re
from pathlib import Path

import pytest

import analysis.statistics

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "methods.md"
TEXT = PAGE.read_text(encoding="utf-8")
MODULES = sorted(Path(analysis.statistics.__path__[0]).glob("[!_]*.py"))
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TEXT.splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| Question"))
]
NAMED = re.findall(r"`(\w+\.\w+)`", " ".join(row[1] for row in ROWS))


def public_statistics() -> set[str]:
    """Every ``add_*`` and ``summarise_*`` of the layer, by its module."""
    return {
        f"{path.stem}.{node.name}"
        for path in MODULES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith(("add_", "summarise_"))
    }


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.filterwarnings("ignore")
def test_every_example_gives_what_the_page_says() -> None:
    # A fence that closes a block would be read as part of the last answer: only the fences become empty lines.
    plain = re.sub(r"^```\w*$", "", TEXT, flags=re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest(plain, {}, PAGE.name, str(PAGE), 0)
    said: list[str] = []
    found = doctest.DocTestRunner(verbose=False).run(examples, out=said.append)
    assert found.attempted > 100
    assert not found.failed, "".join(said)


def test_every_statistic_stands_in_the_page() -> None:
    assert public_statistics() - set(NAMED) == set()


@pytest.mark.parametrize("name", NAMED)
def test_every_function_named_exists_and_has_an_example(name) -> None:
    module, function = name.split(".")
    assert callable(getattr(importlib.import_module(f"analysis.statistics.{module}"), function))
    examples = "\n".join(line for line in TEXT.splitlines() if line.startswith((">>> ", "... ")))
    assert f"{name}(" in examples


def test_every_row_is_whole_and_leads_to_a_section() -> None:
    headings = {anchor(line[3:]) for line in TEXT.splitlines() if line.startswith("## ")}
    for row in ROWS:
        assert len(row) == 6, row
        assert all(row), row
    links = re.findall(r"\]\(#([\w-]+)\)", TEXT)
    assert set(links) - headings == set()


def test_the_notebooks_named_are_those_that_use_the_function() -> None:
    """The column is held against the notebooks' code, so that it cannot go stale."""
    used: dict[str, set[str]] = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        for name in re.findall(r"\b(\w+)\(", code):
            used.setdefault(name, set()).add(path.name[:2] if path.name[0].isdigit() else "B")
    for row in ROWS:
        functions = [name.partition(".")[2] for name in re.findall(r"`(\w+\.\w+)`", row[1])]
        wanted = sorted(set().union(*[used.get(name, set()) for name in functions]))
        assert row[4] == (", ".join(wanted) or "—"), functions
