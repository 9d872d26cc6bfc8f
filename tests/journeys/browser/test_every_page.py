"""What every page is: without a finding of axe in either theme, without an error, without a call to another host."""

import pytest
from django.utils import timezone

from agentboard import schedules
from agentboard.demo import seeding, story
from tasks.admin import agent_verbs, task_verbs
from tasks.domain import webhooks
from tasks.models import Agent

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.xdist_group("every-page")]

PAGES = [
    *("/board/", "/board/new", "/board/T-68", "/board/T-55", "/board/T-43", "/board/digest", "/board/agents"),
    *("/board/agents/link", "/board/agents/olga", "/board/T-68?do=cancel", "/board/digest?fresh=1"),
    *("/board/channels/", "/board/channels/reviews", "/board/inbox", "/board/search", "/board/search?q=olga"),
    *("/board/connect", "/board/sign-in", "/docs"),
]
# One of each kind: every template, and every widget that is none of the browser's own.
ADMIN_PAGES = [
    *(
        "/admin/",
        "/admin/tasks/",
        "/admin/tasks/task/",
        "/admin/tasks/task/?q=nowhere",
        "/admin/tasks/task/add/",
    ),
    *("/admin/tasks/submission/1/change/", "/admin/tasks/webhook/1/change/", "/admin/tasks/token/"),
    *("/admin/auth/user/1/change/", "/admin/auth/user/1/delete/", "/admin/auth/user/1/password/"),
    *("/admin/password_change/", "/admin/tasks/task/43/history/", "/admin/django_q/schedule/"),
    "/admin/tasks/task/43/change/",
]
ASKING = [
    *(("tasks/task", verb) for verb in task_verbs.VERBS),
    *(("tasks/agent", verb) for verb in agent_verbs.VERBS),
    ("django_q/schedule", "run_now"),
]
# What the button of an action sends, from any page of the admin.
_ACT = """([address, action]) => {
  const form = document.createElement("form");
  Object.assign(form, {method: "post", action: address});
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  for (const [name, value] of Object.entries({csrfmiddlewaretoken: token, action, _selected_action: "1"})) {
    form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
  }
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture
def faults(accessible):
    """What is wrong with the page as it is now, a line each."""

    def found(page, name):
        wide = not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        return [f"{name}: {one}" for one in [*accessible(page), *(["wider than the window"] if wide else [])]]

    return found


@pytest.mark.parametrize(
    ("width", "dark"), [(1440, False), (390, True)], ids=["wide and light", "narrow and dark"]
)
def test_axe_finds_nothing(open_page, faults, own_board, width, dark):
    now = timezone.now()
    seeding.play(story.load(), now=now)
    schedules.synchronise(now=now)
    webhooks.create("https://hooks.example/a", by=Agent.objects.get(name="olga"), now=now)
    page = open_page("/board/", user="olga", width=width, dark=dark)
    found = []
    for path in [*PAGES, *ADMIN_PAGES]:
        page.goto(path)
        found += faults(page, path)
    page.locator(".field-assignee .select2-selection").click()
    page.locator(".select2-results__option", has_text="quill").wait_for()
    found += faults(page, "choosing an agent")
    page.keyboard.press("Escape")
    page.locator(".field-due_at a[id^=calendarlink]").click()
    found += faults(page, "choosing a date")
    # They are one template: each verb's is looked at once, half of them wide, half of them narrow.
    for model, verb in ASKING[dark::2]:
        with page.expect_navigation():
            page.evaluate(_ACT, [f"/admin/{model}/", verb])
        assert page.locator("body.confirm").count(), f"{verb} does not ask"
        found += faults(page, f"{model} {verb}")

    assert found == []


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
