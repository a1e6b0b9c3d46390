"""The SQL that is taken away gives, on its own, what the command counts."""

import duckdb
import pytest

from analysis.errors import UnknownNameError
from analysis.indicators.counting.engine import count, prepare
from analysis.indicators.counting.rules import load_rules
from analysis.indicators.counting.script import script_of
from analysis.sources.folders import data_folder
from analysis.sources.returns.opening import open_returns
from analysis.sources.returns.tables import TABLES

YEARS = [2024, 2025]


@pytest.fixture(scope="module")
def opened():
    folder = data_folder() / "synthetic"
    with open_returns([path for path in sorted(folder.iterdir()) if path.is_dir()]) as returns:
        prepare(returns.con, years=YEARS)
        yield returns.con


@pytest.mark.parametrize("rule", list(load_rules().rules))
def test_a_script_alone_counts_the_same(opened, rule):
    """In a database that holds nothing but the tables of the return."""
    alone = duckdb.connect()
    for name in TABLES:
        alone.register("incoming", opened.sql(f"SELECT * FROM {name}").to_arrow_table())
        alone.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
        alone.unregister("incoming")
    ours = count(opened, rules=[rule])
    script = script_of(rule, years=YEARS)
    before, _, select = script.rpartition("-- The rule\n")
    alone.execute(before)
    theirs = alone.execute(select).df()
    assert set(theirs["year"]) <= set(YEARS), "a year that was not asked for is not whole"
    theirs = theirs[theirs["year"].isin(ours["year"])]
    if "denominator" in theirs:
        theirs = theirs[theirs["denominator"] != 0]
    columns = [name for name in ("year", "topic", "name", "numerator", "denominator", "value") if name in theirs]
    one, other = ([tuple(row) for row in table[columns].itertuples(index=False)] for table in (ours, theirs))
    assert sorted(one) == sorted(other)
    assert one or rule.startswith("advocacy")


def test_a_rule_that_is_none_names_the_nearest():
    with pytest.raises(UnknownNameError, match="cla_number"):
        script_of("cla_numbr", years=YEARS)
