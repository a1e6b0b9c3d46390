"""A real browser: Debian's Chromium, or the one that Playwright brought."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from analysis.errors import OutputError
from analysis.report.pdf import find_browser
from conftest import in_ci

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        try:
            opened: Browser = playwright.chromium.launch(executable_path=_installed(), args=ARGUMENTS)
        except Error as error:
            if in_ci():
                raise
            pytest.skip(f"needs Chromium, which could not be started: {str(error).splitlines()[0]}")
        yield opened
        opened.close()


def _installed() -> str | None:
    """The machine's own browser; None for the one that Playwright brought."""
    try:
        return str(find_browser())
    except OutputError:
        return None


@pytest.fixture
def opened(browser) -> Callable[..., Page]:
    """Opens a page of a folder from disk; ``asked`` has every address that it asked for, ``said`` its console's words."""
    contexts = []

    def open_(path, *, width=1280, scheme="light", details=False):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(path.as_uri())
        if details:
            # What is closed is looked at by no checker.
            page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        return page

    yield open_
    for context in contexts:
        context.close()
