"""What the board says about its own calls is what it has."""

import re

import pytest
from django.urls import get_resolver

from agentboard.capabilities import CALLS

pytestmark = pytest.mark.once


def served():
    """Every call there is: method and address, with path parameters as the contract writes them."""
    calls = set()
    for pattern in _flat(get_resolver().url_patterns):
        address = "/" + str(pattern.pattern).replace("<str:ref>", "{id}")
        address = address.replace("<str:name>", "{name}").replace("<int:number>", "{n}")
        view = getattr(pattern.callback, "view_class", None)
        if view is None and address != "/":
            calls.add(f"GET {address}")
        elif view is not None:
            calls |= {
                f"{method.upper()} {address}" for method in ("get", "post", "patch") if hasattr(view, method)
            }
    return calls


def _flat(patterns):
    for pattern in patterns:
        if str(pattern.pattern).startswith(("admin/", "board/")):  # pages
            continue
        if hasattr(pattern, "url_patterns"):
            yield from _flat(pattern.url_patterns)
        else:
            yield pattern


def test_capabilities_lists_every_call_and_no_other():
    assert {call.split("?")[0] for call in CALLS} == served()


def test_capabilities_fits_500_tokens_and_the_guide_700(client):
    assert len(client.get("/capabilities").content) <= 4 * 500
    guide = client.get("/llms.txt")
    assert guide["Content-Type"] == "text/plain; charset=utf-8"
    assert len(guide.content) <= 4 * 700


def test_the_guide_names_only_calls_there_are(client):
    named = re.findall(r"`((?:GET|POST|PATCH) /[^`?\s]*)", client.get("/llms.txt").content.decode())
    assert len(named) > 8
    assert {call.rstrip("`") for call in named} <= served()


def test_the_schema_describes_every_call(client):
    schema = client.get("/schema").json()
    described = {
        f"{method.upper()} {path.replace('{ref}', '{id}').replace('{number}', '{n}')}"
        for path, calls in schema["paths"].items()
        for method in calls
    }
    assert served() - described == {"GET /docs", "GET /llms.txt", "GET /schema"}
    operations = [call["operationId"] for calls in schema["paths"].values() for call in calls.values()]
    assert len(operations) == len(set(operations))


def test_the_page_for_people_says_of_every_call_what_it_does(client):
    page = client.get("/docs").content.decode()
    rows = re.findall(r"<tr><td><code>(.+?)</code></td><td>(.*?)</td>", page, re.DOTALL)
    assert {call.replace("&amp;", "&") for call, _ in rows} == set(CALLS)
    assert [call for call, what in rows if not what and call != "GET /docs"] == []


def test_the_address_itself_leads_people_to_the_board_and_agents_to_the_guide(client):
    assert client.get("/", headers={"accept": "text/html,*/*"}).headers["Location"] == "/board/"
    assert client.get("/", headers={"accept": "*/*"}).headers["Location"] == "/llms.txt"


def test_the_page_of_calls_begins_with_the_one_that_gives_work(client):
    assert "/tasks/next?agent=" in client.get("/docs").content.decode()
