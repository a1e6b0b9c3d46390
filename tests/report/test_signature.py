"""A notebook's parameters are its signature: what does not fit is refused before a kernel starts."""

import ast
import json
from itertools import combinations

import pytest

from analysis.errors import OutputError, UnknownNameError
from analysis.report import batch
from analysis.report.batch import make_order
from analysis.report.runner import find_notebook, list_notebooks
from analysis.report.signature import parse_value, read_signature, require_parameters
from analysis.sources.folders import notebooks_folder

PATHS = {**list_notebooks(), "briefing": notebooks_folder() / "briefing.ipynb"}
SIGNATURES = {name: read_signature(path) for name, path in PATHS.items()}
#: What every report is of; all other parameters are choices.
ABOUT = ["area", "year"]
#: Choices and what must be offered beside them: files and which release of them, neighbours and which average of them;
#: who may choose whom to compare with may add authorities of their own.
BESIDE = {
    "data": "as_published",
    "as_published": "data",
    "neighbours": "average",
    "average": "neighbours",
    "comparators": "group",
}


@pytest.fixture(autouse=True)
def no_kernel(monkeypatch):
    """Nothing here may start a kernel."""

    def refuse(*_args, **_more):
        raise AssertionError("a kernel was about to start")

    monkeypatch.setattr(batch, "run_notebook", refuse)


def code_of(name):
    """What the notebook runs, less its parameters, as a tree."""
    cells = json.loads(PATHS[name].read_text(encoding="utf-8"))["cells"]
    shown = [
        cell for cell in cells if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
    ]
    return ast.parse("\n".join("".join(cell["source"]) for cell in shown))


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_report_is_of_an_area_and_a_year_and_every_choice_says_what_it_means(name):
    signature = SIGNATURES[name]
    assert list(signature)[:2] == ABOUT
    assert all(parameter.meaning for parameter in signature.values())
    assert "confidence" not in signature or signature["confidence"].default == 0.95


@pytest.mark.parametrize(("one", "other"), list(combinations(SIGNATURES, 2)))
def test_a_parameter_is_the_same_in_every_notebook_that_takes_it(one, other):
    """The same words, the same default and the same order: what is learnt of one notebook holds for all."""
    here, there = SIGNATURES[one], SIGNATURES[other]
    both = [name for name in here if name in there]
    assert both == [name for name in there if name in here]
    for name in both:
        assert here[name].meaning == there[name].meaning
        assert type(here[name].default) is type(there[name].default)
        assert name in ABOUT or here[name].default == there[name].default


@pytest.mark.parametrize("name", SIGNATURES)
def test_choices_that_belong_together_are_offered_together(name):
    assert {BESIDE[choice] for choice in SIGNATURES[name] if choice in BESIDE} <= set(SIGNATURES[name])


@pytest.mark.parametrize("name", SIGNATURES)
def test_every_choice_of_a_notebook_is_read_by_it(name):
    """A parameter that changes nothing would be a promise that is not kept."""
    read = {
        node.id for node in ast.walk(code_of(name)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    assert set(SIGNATURES[name]) - {*ABOUT} <= read


def is_literal(node):
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("name", list_notebooks())
def test_no_cell_makes_a_choice_that_is_a_parameter(name):
    """What a reader may choose in one notebook is not settled in the code of another."""
    choices = {choice for other in list_notebooks() for choice in SIGNATURES[other]}
    given = [node for node in ast.walk(code_of(name)) if isinstance(node, ast.keyword) and node.arg in choices]
    assert given
    assert not [f"{item.arg}={ast.unparse(item.value)}" for item in given if is_literal(item.value)]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"aera": "Nottingham"}, ["takes no parameter 'aera'", "Did you mean area"]),
        ({"confidence": "high"}, ["'high' (a text)", "expected a number"]),
        ({"confidence": 95}, ["found 95", "0.95"]),
        ({"confidence": 0.2}, ["from 0.9 to below 1"]),
        ({"average": "medain"}, ["'medain'", "Did you mean median"]),
        ({"neighbours": "2007"}, ["'2007'", "2025"]),
        ({"as_published": "frist"}, ["Did you mean first"]),
        ({"comparators": "england"}, ["a text", "expected a list"]),
        ({"comparators": ["englnad"]}, ["'englnad'", "Did you mean england"]),
        ({"confidence": True}, ["expected a number"]),
    ],
)
def test_a_wrong_parameter_is_refused(given, says):
    signature = read_signature(list_notebooks()["01_rates_per_10000"])
    with pytest.raises(UnknownNameError) as error:
        require_parameters(signature, given, notebook="01_rates_per_10000")
    for words in [*says, "Nothing was run"]:
        assert words in str(error.value)


def test_a_whole_number_may_stand_for_a_number():
    signature = read_signature(list_notebooks()["01_rates_per_10000"])
    assert require_parameters(signature, {"confidence": 0.998}, notebook="x")["confidence"] == 0.998


@pytest.mark.parametrize(
    ("area", "year", "says"),
    [
        ("Notingham", "2020-21", "Did you mean Nottingham"),
        ("Nottingham", "2020-22", "is not a period"),
        ("Nottingham", "1990-91", "No figure of Nottingham is held for 1990-91"),
        ("Peterborough", "2020-21", "figures for 2015-16, 2016-17, 2017-18"),
    ],
)
def test_an_unknown_area_or_year_is_refused(tmp_path, area, year, says):
    with pytest.raises(UnknownNameError, match=says):
        make_order([], area=area, year=year, output=tmp_path)
    assert not any(tmp_path.iterdir())


def test_an_order_is_in_canonical_words(tmp_path):
    order = make_order(["1", "repeat_child_protection_plans"], area="e06000031", year="31 March 2018", output=tmp_path)
    assert (order.area, order.year) == ("Peterborough", "2017-18")
    assert [job.name for job in order.jobs] == ["01_rates_per_10000", "02_repeat_child_protection_plans"]
    assert order.jobs[0].parameters["area"] == "Peterborough"


def test_each_notebook_gets_what_it_takes_and_what_none_takes_is_refused(tmp_path):
    here = {"area": "Nottingham", "year": "2020-21", "output": tmp_path}
    jobs = {job.name: job.parameters for job in make_order([], given={"confidence": 0.998}, **here).jobs}
    assert jobs["01_rates_per_10000"]["confidence"] == 0.998
    assert "confidence" not in jobs["07_where_the_sources_disagree"]
    for notebooks, name in (([], "confidense"), (["7"], "confidence")):
        with pytest.raises(UnknownNameError, match=f"takes no parameter '{name}'"):
            make_order(notebooks, given={name: 0.998}, **here)


def test_an_output_that_is_a_file_is_refused(tmp_path):
    taken = tmp_path / "outputs"
    taken.write_text("mine")
    with pytest.raises(OutputError, match="cannot be written"):
        make_order([], area="Nottingham", year="2020-21", output=taken)
    assert taken.read_text() == "mine"


def test_notebooks_by_name_or_number():
    assert find_notebook("3") == "03_placement_stability"
    assert find_notebook("04_advocacy_uptake.ipynb") == "04_advocacy_uptake"
    with pytest.raises(UnknownNameError, match="03_placement_stability"):
        find_notebook("placement_stabilty")


def test_values_on_the_command_line():
    assert parse_value("0.998") == 0.998
    assert parse_value("['england']") == ["england"]
    assert parse_value("E06000018") == "E06000018"
