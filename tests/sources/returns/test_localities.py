"""Which postcodes lie in the council's area: a list beside the return."""

import pytest

from analysis.indicators.counting.counted import count_returns

EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,DEC,REC,PL_POST\n" + "".join(
    f"C{at},01/05/2024,S,C2,N1,U4,,,{post}\n"
    for at, post in enumerate(["ZZ1 1AA", "zz1  1aa", "ZZ11AB", "ZZ2 2BB", ""])
)


def counted(folder, listed=None):
    (folder / "e.csv").write_text(EPISODES)
    if listed is not None:
        (folder / "l.csv").write_text(listed)
    found = count_returns([folder], sensitivity=False)
    rows = found.rows.query("rule == 'cla_number' and topic == 'Locality of placement'")
    return rows.set_index("name")["value"].to_dict(), found.problems


def test_children_are_in_or_out_as_the_list_says_however_a_postcode_is_spaced(tmp_path):
    found, problems = counted(tmp_path, "PL_POST,PL_LOCATION\nZZ1 1AA,IN\nzz1 1ab,out\n")
    assert found == {"Inside the boundary": 2, "Outside the boundary": 1, "Not known": 2}
    assert not [item for item in problems if item.file == "l.csv"]


def test_without_a_list_there_are_no_such_groups(tmp_path):
    assert counted(tmp_path)[0] == {}


@pytest.mark.parametrize(
    ("rows", "rule", "inside"),
    [
        ("ZZ1 1AA,IN\nZZ11AA,OUT\nZZ1 1AB,IN\n", "two places", 1),
        ("ZZ1 1AA,IN\nZZ1 1AB,\n", "no place", 2),
        ("ZZ1 1AA,IN\nZZ1 1AB,NEAR\n", "code", 2),
    ],
)
def test_what_says_nothing_clear_is_said_and_not_known(tmp_path, rows, rule, inside):
    found, problems = counted(tmp_path, "PL_POST,PL_LOCATION\n" + rows)
    assert found == {"Inside the boundary": inside, "Not known": 5 - inside}
    assert {item.rule for item in problems if item.file == "l.csv"} == {rule}
