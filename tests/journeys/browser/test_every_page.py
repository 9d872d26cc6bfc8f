"""What every page is: without a finding of axe in either theme, without an error, without a call to another host."""

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.xdist_group("browser")]

PAGES = ["/board/"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(open_page, accessible, width, dark):
    page = open_page(PAGES[0], user="olga", width=width, dark=dark)
    for path in PAGES:
        page.goto(path)

        assert accessible(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            f"{path} is too wide"
        )


def test_a_script_in_a_page_does_not_run(open_page):
    page = open_page("/board/")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = true\">')"
    )
    page.wait_for_timeout(100)

    assert page.evaluate("window.ran") is None
    # Both the picture that is not there and the refused handler are the test's own doing.
    open_page.wrong.clear()


def test_the_theme_is_kept(open_page):
    page = open_page("/board/")
    page.get_by_role("button", name="Theme: as the system").click()
    page.get_by_role("button", name="Theme: light").click()
    page.reload()

    assert page.locator("html").get_attribute("data-theme") == "dark"
