"""What a browser may do with an answer."""

import pytest


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/board/", "/docs", "/admin/login/"])
def test_pages_forbid_inline_code_and_other_hosts(client, path):
    policy = client.get(path).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_the_answers_of_the_api_go_without(client):
    assert "Content-Security-Policy" not in client.get("/agents?agent=ada").headers
