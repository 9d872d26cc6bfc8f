"""What a web page elsewhere can make a browser send never reaches the board."""

import pytest

pytestmark = pytest.mark.once


@pytest.fixture
def waiting_task(client, write):
    return write()


CROSS_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "anything-new"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://testserver:9999"},
    {"Origin": "null"},
    {"Host": "evil.example"},
    {"Host": "testserver.evil.example"},
    {"Host": "localhost@evil.example"},
    {"Host": ""},
]


@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
@pytest.mark.parametrize("path", ["/tasks/next?agent=ada", "/health", "/admin/", "/no/such/page"])
def test_a_request_from_elsewhere_is_refused_whatever_it_asks(client, waiting_task, headers, path):
    answer = client.get(path, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    waiting_task.refresh_from_db()
    assert waiting_task.status == "todo"


@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
def test_a_write_from_elsewhere_is_refused(client, waiting_task, headers):
    body = {"agent": "zed", "text": "planted"}
    answer = client.post(
        f"/tasks/{waiting_task.pk}/comments", body, content_type="text/plain", headers=headers
    )
    assert answer.status_code == 403
    assert not waiting_task.comments.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "localhost"},
        {"Host": "127.0.0.1:8000"},
        {"Host": "[::1]:8000"},
        {"Host": "localhost:8000", "Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
def test_programs_and_the_boards_own_pages_come_through(client, waiting_task, headers):
    assert client.get("/tasks/next?agent=ada", headers=headers).json()["task"]["id"] == waiting_task.ref
