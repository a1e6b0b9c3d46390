"""Nothing is ever half-written under its final name."""

import pytest

from analysis.errors import OutputError
from analysis.report.files import require_writable, write_whole


def test_what_is_written_is_whole(tmp_path):
    write_whole(tmp_path / "a" / "b.txt", "words")
    assert (tmp_path / "a" / "b.txt").read_text() == "words"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.txt"]


def test_an_interruption_leaves_the_old_file_and_no_partial_one(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    write_whole(path, "old")

    def stop(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "new and longer")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["report.html"]


def test_a_full_disk_is_an_error_that_says_so(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    write_whole(path, "old")

    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fdopen", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_whole(path, "new")
    monkeypatch.undo()
    assert path.read_text() == "old"


def test_a_folder_where_a_file_stands(tmp_path):
    (tmp_path / "taken").write_text("x")
    with pytest.raises(OutputError, match="--output"):
        require_writable(tmp_path / "taken" / "inside")
