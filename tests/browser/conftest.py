"""A real browser: Debian's Chromium, or the one that Playwright brought."""

import shutil

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from conftest import in_ci

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser():
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            opened: Browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            if in_ci():
                raise
            pytest.skip(f"needs Chromium, which could not be started: {error.message.splitlines()[0]}")
        yield opened
        opened.close()
