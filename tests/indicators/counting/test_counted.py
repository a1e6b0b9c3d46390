"""A folder of returns as a notebook names it: choices in words, and nothing where no folder is named."""

import pytest
from pandas.testing import assert_frame_equal

from analysis.errors import UnknownNameError
from analysis.indicators.counting.counted import count_returns, counted_for_notebook
from analysis.indicators.counting.rules import load_rules
from analysis.synthetic.making import Order, make_returns


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("made") / "returns"
    make_returns(Order(children=300, years=(2025,), seed=7, format="csv"), place)
    return next(path for path in sorted(place.iterdir()) if path.is_dir())


def test_where_no_folder_is_named_nothing_is_counted():
    found = counted_for_notebook("", switches=[])
    assert (found.files, found.problems, found.years) == ((), (), ())
    assert found.rows.empty
    assert found.sensitivity.empty


def test_choices_in_words_are_choices(folder):
    name, switch = next(iter(load_rules().switches.items()))
    other = next(choice for choice in switch.choices if choice != switch.default)
    found = counted_for_notebook(str(folder), switches=[f" {name} = {other} "])
    assert found.years == (2025,)
    assert_frame_equal(found.rows, count_returns([folder], switches={name: other}, sensitivity=False).rows)
    assert set(found.sensitivity.loc[found.sensitivity["switch"] == name, "made"]) == {other}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("temps", ["temps is ''", "can be "]),
        ("temps=maybe", ["temps is 'maybe'", "can be "]),
        ("tempz=count", ["no switch 'tempz'", "Did you mean temps"]),
    ],
)
def test_a_choice_that_is_none_is_refused(folder, text, says):
    with pytest.raises(UnknownNameError) as error:
        counted_for_notebook(str(folder), switches=[text])
    for words in says:
        assert words in str(error.value)
