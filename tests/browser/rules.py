"""What every page must stand, whichever kind it is."""

from axe_playwright_python.sync_playwright import Axe

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    }
}


def assert_axe_finds_nothing(opened, path):
    """No violation of WCAG 2.0 to 2.2, A and AA, nor of best practice; in light and dark, with every part open."""
    for scheme in ("light", "dark"):
        found = Axe().run(opened(path, scheme=scheme, details=True), options=RULES).response["violations"]
        assert not found, [(item["id"], item["nodes"][0]["html"]) for item in found]


def assert_what_axe_does_not_see(page):
    """One heading of the first level, described pictures that load, captions, scopes, and nothing from elsewhere."""
    assert page.locator("h1").count() == 1
    assert page.title() not in ("", "Notebook")
    assert page.locator("html").get_attribute("lang") == "en-GB"
    for image in page.locator("img").all():
        assert len(image.get_attribute("alt") or "") > 20
        assert "No description" not in image.get_attribute("alt")
        assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    for table in page.locator("table").all():
        assert table.locator("caption").count() == 1
        assert table.locator("th:not([scope])").count() == 0
    assert all(url.startswith(("file:", "data:")) for url in page.asked)
    assert page.said == []


def assert_no_sideways_scroll(opened, path):
    """At 320 pixels, which is also a window of 1280 pixels at a zoom of 400%, and at a usual width."""
    for width in (320, 1280):
        assert opened(path, width=width, details=True).evaluate("document.documentElement.scrollWidth") <= width
