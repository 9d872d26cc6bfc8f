"""Who is let into a page, and what becomes of a form that is refused."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from tasks.domain.refusals import Conflict, Missing
from tasks.web import entry

pytestmark = pytest.mark.once  # what a page asks of the database is tested on both


@entry.reading
def page(request):
    return HttpResponse("read")


@entry.acting
def form(request):
    return HttpResponse("done")


@entry.acting
def refused_form(request):
    raise Conflict("T-1 is done.", fix="Nothing.")


@pytest.fixture
def stranger(rf):
    def request(method, path="/board/x", **headers):
        made = getattr(rf, method)(path, headers=headers)
        made.user = AnonymousUser()
        return made

    return request


@pytest.fixture
def person(stranger, django_user_model, db):
    user = django_user_model.objects.create_user("olga")

    def request(*args, **headers):
        made = stranger(*args, **headers)
        made.user = user
        return made

    return request


def test_anybody_reads_in_open_mode(stranger):
    assert page(stranger("get")).content == b"read"


def test_in_token_mode_a_stranger_signs_in_first_and_comes_back(stranger, settings):
    settings.AUTH = "token"

    answer = page(stranger("get", "/board/search?q=a//b"))

    assert answer.headers["Location"] == "/board/sign-in?next=%2Fboard%2Fsearch%3Fq%3Da%2F%2Fb"


def test_a_person_reads_in_token_mode(person, settings):
    settings.AUTH = "token"

    assert page(person("get")).content == b"read"


def test_a_stranger_changes_nothing_and_is_sent_to_sign_in_from_the_page_with_the_form(stranger):
    answer = form(stranger("post", referer="http://elsewhere/board/T-1?do=unblock"))

    assert answer.headers["Location"] == "/board/sign-in?next=%2Fboard%2FT-1%3Fdo%3Dunblock"


def test_htmx_takes_the_whole_page_to_sign_in(stranger):
    answer = form(stranger("post", **{"hx-request": "true"}))

    assert (answer.status_code, answer.headers["HX-Redirect"][:14]) == (401, "/board/sign-in")


def test_a_person_acts(person):
    assert form(person("post")).content == b"done"


def test_pages_and_forms_take_their_own_method_only(person):
    assert page(person("post")).status_code == 405
    assert form(person("get")).status_code == 405


def test_a_refusal_is_a_page_in_its_own_words(person):
    answer = refused_form(person("post"))

    assert answer.status_code == 409
    assert b"T-1 is done." in answer.content
    assert b"<html" in answer.content


def test_to_htmx_a_refusal_is_a_note(person):
    answer = refused_form(person("post", **{"hx-request": "true"}))

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#refusal")
    assert b"T-1 is done." in answer.content
    assert b"<html" not in answer.content


def test_what_there_is_not_is_a_404(person):
    @entry.reading
    def missing(request):
        raise Missing("There is no T-9.", fix="GET /tasks")

    assert missing(person("get")).status_code == 404


def test_an_address_that_no_page_has_is_a_page_to_a_browser_and_a_problem_to_a_program(client, db):
    browser = client.get("/board/nowhere", headers={"Accept": "text/html,*/*"})
    program = client.get("/board/nowhere")

    assert (browser.status_code, program.status_code) == (404, 404)
    assert "<h1>Not found</h1>" in browser.content.decode()
    assert program.json()["code"] == "not_found"
