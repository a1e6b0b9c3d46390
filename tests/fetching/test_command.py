"""The command: options, the environment, a list without a network, lines in a log, messages instead of tracebacks."""

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from analysis.commands import fetch
from analysis.commands.fetch import fetch_command
from analysis.errors import FetchError, UnknownNameError
from analysis.fetching import patience
from fetching.a_service import FILE, NAME, TITLE, running, sends_file, table


@pytest.fixture
def call(tmp_path):
    """Call the command on a folder of its own."""
    app = typer.Typer()
    app.command()(fetch_command)

    def run(*arguments, env=None):
        return CliRunner().invoke(app, [*arguments, "--folder", str(tmp_path)], env=env)

    return run


def test_files_are_listed_without_a_network(call, tmp_path):
    with running() as service:
        done = call("--list", "--publication", "children_looked_after", "--address", service.base)
        assert service.asked == []
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert rows[0] == ["release", "table", "fetched", "title", "file", "folder", "page"]
    assert rows[1][:5] == ["cla_2025", "cla_rates", "no", TITLE, f"{NAME}*.csv"]
    assert rows[1][5] == str(tmp_path / "children-looked-after" / "2025")
    assert rows[1][6].startswith("https://")
    assert len(rows) == 5


@pytest.mark.parametrize("how", ["option", "environment"])
def test_one_table_is_fetched_from_the_address_that_is_given(call, service, tmp_path, how):
    service.on(FILE, sends_file(table()))
    options = ["--table", "cla_rates", "--year", "2025"]
    if how == "option":
        done = call(*options, "--address", service.base)
    else:
        done = call(*options, env={"ANALYSIS_SERVICE": service.base})
    path = tmp_path / "children-looked-after" / "2025" / f"{NAME}.csv"
    assert done.exit_code == 0, done.output
    assert path.read_bytes() == table()
    assert done.stdout == "1 file there and whole.\n"
    assert done.stderr.splitlines()[0] == f"1 of 1: {TITLE}"
    assert done.stderr.splitlines()[1].startswith(f"Fetched: {path} (40 rows, SHA-256 ")
    listed = call("--list", *options).stdout.splitlines()[1].split("\t")
    assert listed[2][:2] == "20"


def test_troubles_are_said_as_they_happen(call, service, monkeypatch):
    monkeypatch.setattr(patience.Settings, "first_pause", 0)
    service.on(FILE, sends_file(table(), until=100), sends_file(table()))
    done = call("--table", "cla_rates", "--address", service.base)
    assert "The connection broke off" in done.stderr
    assert "Trying again in" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (["--table", "no_such"], UnknownNameError),
        (["--table", "cla_rates", "--address", "http://example.org"], FetchError),
    ],
)
def test_a_mistake_ends_with_its_error(call, arguments, kind):
    done = call(*arguments)
    assert isinstance(done.exception, kind)


def test_a_progress_bar_counts_the_bytes(service, tmp_path, monkeypatch):
    shown = Console(force_terminal=True, width=120, file=(tmp_path / "terminal").open("w", encoding="utf-8"))
    monkeypatch.setattr(fetch, "err", shown)
    service.on(FILE, sends_file(table()))
    fetch_command(table="cla_rates", folder=tmp_path, address=service.base)
    shown.file.close()
    text = (tmp_path / "terminal").read_text(encoding="utf-8")
    assert "1 of 1: Children looked after on 31 March" in text
    assert "Fetched: " in text


def test_on_a_terminal_the_list_is_one_to_read(tmp_path, monkeypatch):
    file = (tmp_path / "terminal").open("w", encoding="utf-8")
    shown = Console(force_terminal=True, width=120, file=file, soft_wrap=True, highlight=False)
    monkeypatch.setattr(fetch, "out", shown)
    fetch_command(table="cla_rates", folder=tmp_path, list_=True)
    shown.file.close()
    lines = (tmp_path / "terminal").read_text(encoding="utf-8").splitlines()
    assert lines[1] == f'  - "{TITLE}" ({NAME}*.csv)'
    assert lines[-1] == "0 files of these fetched before."
