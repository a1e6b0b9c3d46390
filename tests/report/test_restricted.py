"""What is counted from records is kept apart from what everybody may see, whichever way the records came in."""

import pytest

from analysis.report.batch import make_order
from analysis.report.briefing import choose_indicator, order_briefing
from analysis.report.runner import list_notebooks
from analysis.sources.folders import data_folder
from analysis.sources.returns.looking import holds_returns
from conftest import shared

SYNTHETIC = str(data_folder() / "synthetic")
OF_RECORDS = "09_check_my_return"


def order(tmp_path, notebooks=(), **given):
    return make_order(list(notebooks), area="Nottingham", year="2024-25", output=tmp_path, given=given)


def names(order):
    return [job.name for job in order.jobs]


def test_a_folder_of_data_that_holds_returns_gives_every_report_and_all_of_them_apart(tmp_path):
    made = order(tmp_path, data=SYNTHETIC)
    assert made.root == tmp_path / "restricted"
    assert made.folder.is_relative_to(made.root)
    assert names(made) == list(list_notebooks())
    (own,) = [job for job in made.jobs if job.name == OF_RECORDS]
    assert (own.parameters["returns"], own.parameters["data"]) == (SYNTHETIC, SYNTHETIC)


def test_a_folder_of_returns_alone_gives_the_report_about_them(tmp_path):
    made = order(tmp_path, returns=SYNTHETIC)
    assert names(made) == [OF_RECORDS]
    assert made.root == tmp_path / "restricted"


@pytest.mark.parametrize("number", ["1", "4"])
def test_one_report_on_records_is_apart_too(tmp_path, number):
    assert order(tmp_path, [number], data=SYNTHETIC).root == tmp_path / "restricted"


def test_a_briefing_on_records_is_apart_too(tmp_path):
    taken = choose_indicator("cp_repeat_plans", None)
    made = order_briefing(taken, area="Nottingham", year="2024-25", output=tmp_path, given={"data": SYNTHETIC})
    assert made.root == tmp_path / "restricted"


def test_without_records_nothing_is_apart_and_the_report_about_them_is_not_made(tmp_path):
    made = make_order([], area="Nottingham", year="2020-21", output=tmp_path)
    assert made.root == tmp_path
    assert OF_RECORDS not in names(made)


def test_official_files_are_no_records():
    assert not holds_returns(shared("open-data"))
    assert not holds_returns("")
    assert not holds_returns(data_folder() / "published")
    assert holds_returns(shared("returns"))
