"""Signing in and out: who is let in, by what, and to where."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tasks.domain import people, sign_in
from tasks.models import SignInLink
from tasks.web import guessing
from tests.tasks.admin import browser

pytestmark = pytest.mark.once  # what a page asks of the database is tested on both


PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def nobody_has_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "guesses", guessing.Guesses())


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("olga", password=PASSWORD)


@pytest.fixture
def link(db: None) -> str:
    """The address of a fresh link."""
    return f"/board/sign-in/{sign_in.issue(people.operator('olga'), now=timezone.now()).secret}"


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def try_password(client: Client, password: str = PASSWORD, **more: str):
    return client.post("/board/sign-in", {"username": "olga", "password": password, **more})


def test_opening_a_link_only_asks_and_the_button_signs_in_with_csrf_enforced(link: str):
    client = Client(enforce_csrf_checks=True)
    assert client.head(link).status_code == 200
    page = client.get(link)
    html = page.content.decode()
    assert "Sign in as olga" in html
    assert "no-store" in page["Cache-Control"]
    assert SignInLink.objects.get().used_at is None

    refused = client.post(link)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
    assert token
    signed_in = client.post(link, {"csrfmiddlewaretoken": token[1]})

    assert refused.status_code == 403
    assert (signed_in.status_code, signed_in["Location"]) == (302, "/board/")
    assert is_in(client)
    assert b"olga" in client.get("/board/").content


def test_a_link_that_was_used_says_so_and_what_to_do(link: str):
    assert Client().post(link).status_code == 302
    late = Client()
    for answer in (late.get(link), late.post(link)):
        assert answer.status_code == 409
        assert "was used at" in answer.content.decode()
        assert "agentboard sign-in" in answer.content.decode()
    assert not is_in(late)


def test_a_link_whose_time_is_up_and_one_that_never_was_say_so(link: str):
    SignInLink.objects.update(created_at=timezone.now() - timedelta(days=1), expires_at=timezone.now())
    expired, unknown = Client().get(link), Client().post("/board/sign-in/nonsense")

    assert (expired.status_code, unknown.status_code) == (409, 404)
    assert "could be used until" in expired.content.decode()
    assert "No sign-in link has this address" in unknown.content.decode()


def test_signing_in_gives_the_session_a_new_key_and_leaves_nothing_of_another_person(link: str):
    client = Client()
    client.force_login(User.objects.create(username="before"))
    session = client.session
    session["left"] = "behind"
    session.save()
    before = session.session_key

    client.post(link)

    assert client.session.session_key != before
    assert "left" not in client.session


def test_a_person_signs_in_by_password_and_out_again(person: User):
    client = Client()
    signed_in = try_password(client, next="/board/?q=a%20b")
    assert (signed_in.status_code, signed_in["Location"]) == (302, "/board/?q=a%20b")
    assert is_in(client)

    assert client.get("/board/sign-out").status_code == 405
    signed_out = client.post("/board/sign-out")

    assert signed_out["Location"] == "/board/sign-in"
    assert not is_in(client)


@pytest.mark.parametrize(
    "wanted",
    [
        *("https://evil.example/", "//evil.example/board/", "javascript:alert(1)", "/tasks/next?agent=olga"),
        *(
            "/board/../tasks/next?agent=olga",
            "/board/%2e%2E/tasks/next",
            "/board/.%2e/x",
            "/board/\r\nX: y",
            "",
        ),
    ],
)
def test_signing_in_leads_to_pages_of_this_board_only(person: User, wanted: str):
    assert try_password(Client(), next=wanted)["Location"] == "/board/"


@pytest.mark.parametrize("fields", [{}, {"username": "olga"}, {"username": "o" * 200, "password": "x\0"}])
def test_what_is_no_username_and_password_is_refused_in_words(person: User, fields: dict[str, str]):
    answer = Client().post("/board/sign-in", fields)

    assert answer.status_code == 422
    assert "No account has this username and password" in answer.content.decode()


def test_an_account_that_is_switched_off_is_not_let_in(person: User):
    User.objects.update(is_active=False)

    assert try_password(Client()).status_code == 422


def test_after_wrong_passwords_even_the_right_one_has_to_wait_and_a_link_does_not(person: User, link: str):
    client = Client()
    statuses = [try_password(client, "wrong").status_code for _ in range(guessing.FREE_TRIES)]
    late = try_password(client)

    assert statuses == [422] * guessing.FREE_TRIES
    assert late.status_code == 429
    assert 0 < int(late["Retry-After"]) <= 16
    assert "Too many wrong passwords" in late.content.decode()
    assert not is_in(client)
    assert client.post(link).status_code == 302


def test_the_admin_asks_for_passwords_at_the_same_place(person: User):
    client = Client()
    asked = client.get("/admin/tasks/task/", follow=True)
    assert asked.redirect_chain[-1] == ("/board/sign-in?next=%2Fadmin%2Ftasks%2Ftask%2F", 302)
    form = browser.untouched(asked.content.decode(), "sign-in")
    assert form["next"] == "/admin/tasks/task/"

    # Who is no staff is told so, instead of being sent round in circles.
    assert try_password(client, next="/admin/")["Location"] == "/admin/"
    assert "may not use the admin" in client.get("/admin/", follow=True).content.decode()


def test_the_cookies_are_the_boards_own_and_strict_and_never_leave_https(person: User):
    plain, behind_a_proxy = Client(), Client(enforce_csrf_checks=True, headers={"Host": "testserver"})
    try_password(plain)
    form = browser.untouched(behind_a_proxy.get("/board/sign-in").content.decode(), "sign-in")
    form |= {"username": "olga", "password": PASSWORD}
    secure = behind_a_proxy.post("/board/sign-in", form, headers={"Origin": "https://testserver"})

    assert secure.status_code == 302
    for client, is_secure in ((plain, ""), (behind_a_proxy, True)):
        cookie = client.cookies["agentboard_session"]
        assert (cookie["samesite"], cookie["httponly"], cookie["secure"]) == ("Strict", True, is_secure)
        assert client.cookies["agentboard_csrf"]["samesite"] == "Strict"


def test_a_form_of_another_origin_signs_nobody_in(person: User):
    client = Client()
    answer = client.post(
        "/board/sign-in",
        {"username": "olga", "password": PASSWORD},
        headers={"Origin": "https://evil.example"},
    )

    assert answer.status_code == 403
    assert not is_in(client)


def test_looking_and_signing_in_take_a_fixed_number_of_queries(link: str, django_assert_max_num_queries):
    for n in range(50):
        sign_in.issue(people.operator(f"other-{n}"), now=timezone.now())
    client = Client()
    with django_assert_max_num_queries(1):
        client.get(link)
    with django_assert_max_num_queries(18):
        client.post(link)
