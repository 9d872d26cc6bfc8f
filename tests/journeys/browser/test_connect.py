"""From the link in the terminal to a token in the clipboard, in a real browser."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tasks.domain import people, sign_in, tokens
from tasks.models import Token

pytestmark = [pytest.mark.journey, pytest.mark.once, pytest.mark.xdist_group("connect")]


def test_a_person_signs_in_by_the_link_makes_a_token_copies_it_and_revokes_it(open_page, accessible):
    link = sign_in.issue(people.operator("olga"), now=timezone.now())
    page = open_page(f"/board/sign-in/{link.secret}", permissions=["clipboard-read", "clipboard-write"])
    assert accessible(page) == []
    page.keyboard.press("Enter")  # The button has the focus.
    page.wait_for_url("**/board/")

    page.get_by_role("link", name="Connect", exact=True).click()
    page.get_by_label("Agent, known or new").fill("link")
    page.get_by_role("button", name="Make a token").click()
    page.get_by_role("button", name="Copy the token").click()
    page.get_by_role("button", name="Copied the token").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert tokens.holder(copied, now=timezone.now()) == "link"
    assert accessible(page) == []

    page.get_by_text("Python", exact=True).click()
    page.get_by_role("button", name="Copy what to paste for Python, 1").click()
    page.get_by_role("button", name="Copied what to paste for Python, 1").wait_for()
    assert copied in page.evaluate("navigator.clipboard.readText()")

    page.get_by_role("button", name="Revoke").click()
    page.get_by_text("lets nobody in any more").wait_for()
    assert Token.objects.get().revoked_at
