"""A service to ask, and a run against it that waits for nothing."""

import pytest

from fetching.a_service import CLA, Run, listed, listing, running


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """Nothing stands between a test and its own service, whatever the network of the computer is."""
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "ANALYSIS_SERVICE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def service():
    """A service that lists one data set."""
    with running() as one:
        one.on(CLA, listing(listed()))
        yield one


@pytest.fixture
def run(service, tmp_path):
    """A run against it."""
    return Run(service, tmp_path / "2025")
