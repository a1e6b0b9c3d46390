"""Notebooks are thin: no outputs, no logic, no paths; a question, its parameters, and the sections of every report."""

import ast
import json
import re

import pytest

from analysis.report.runner import list_notebooks

NOTEBOOKS = list_notebooks()
CONTENTS = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in NOTEBOOKS.items()}
SECTIONS = ["What was measured", "What this cannot tell you", "Sources and method"]
FORBIDDEN = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.If, ast.For, ast.While, ast.IfExp, ast.Try, ast.With,
             ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)  # fmt: skip


@pytest.fixture(params=list(NOTEBOOKS))
def content(request):
    return CONTENTS[request.param]


def code_of(content):
    return ["".join(cell["source"]) for cell in content["cells"] if cell["cell_type"] == "code"]


def test_nothing_of_a_run_is_committed(content):
    for cell in content["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert set(cell["metadata"]) <= {"tags"}
    assert set(content["metadata"]) == {"kernelspec", "language_info"}
    assert content["metadata"]["kernelspec"]["name"] == "python3"


def test_cells_hold_no_logic(content):
    for source in code_of(content):
        found = [type(node).__name__ for node in ast.walk(ast.parse(source)) if isinstance(node, FORBIDDEN)]
        assert not found, source


def test_cells_hold_no_path_and_no_address(content):
    for source in code_of(content):
        assert not re.search(r"https?://|[\"'][^\"']*[/\\\\][^\"']*[\"']|\.csv|\.yml", source), source


def test_cells_are_thin(content):
    for source in code_of(content):
        # The list of what a page shows may be long; there is nothing to understand in it.
        if not source.startswith(("from ", "exhibits.sources(")):
            assert len(source.splitlines()) <= 20, source


def test_a_question_then_parameters_then_the_answer(content):
    first = "".join(content["cells"][0]["source"])
    assert first.startswith("# ")
    assert first.endswith("?")
    assert content["cells"][1]["metadata"]["tags"] == ["parameters"]
    headline = next(place for place, source in enumerate(code_of(content)) if "exhibits.headline(" in source)
    shown = next(place for place, cell in enumerate(content["cells"]) if "".join(cell["source"]).startswith("## "))
    position = [i for i, cell in enumerate(content["cells"]) if cell["cell_type"] == "code"][headline]
    assert position < shown, "the answer stands before the first section"


def test_every_report_has_the_closing_sections(content):
    heads = [
        line[3:]
        for cell in content["cells"]
        if cell["cell_type"] == "markdown"
        for line in "".join(cell["source"]).splitlines()
        if line.startswith("## ")
    ]
    assert heads[-3:] == SECTIONS


def test_ids_are_in_order(content):
    assert [cell["id"] for cell in content["cells"]] == [f"cell-{n:02d}" for n in range(1, len(content["cells"]) + 1)]


def test_prose_speaks_of_no_single_document(content):
    """The words of a notebook hold for any area and year; what one document says is said by its rows."""
    for cell in content["cells"]:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            assert not re.search(
                r"\b[Tt]he (annual )?(report|council|document)s?\b(?! (of|that))|Nottingham|Peterborough", text
            ), text
