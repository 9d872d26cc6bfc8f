"""Who may reach a board that believes everybody."""

import pytest

from agentboard.serve import exposure

pytestmark = pytest.mark.once


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "127.1", "::1", "localhost"])
def test_an_open_board_may_listen_on_loopback(host):
    exposure.refuse_exposure(host, "open")


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",
        "0",
        "::",
        "",
        "192.168.1.20",
        "10.0.0.1",
        "8.8.8.8",
        "fe80::1",
        "::ffff:10.0.0.1",
        "no.such.name.invalid",
    ],
)
def test_an_open_board_may_listen_nowhere_else_and_is_told_what_to_set(host):
    with pytest.raises(exposure.Exposed, match=r"AGENTBOARD_HOST.*AGENTBOARD_AUTH=open.*127\.0\.0\.1"):
        exposure.refuse_exposure(host, "open")


def test_a_name_that_leads_anywhere_else_too_is_not_loopback(monkeypatch):
    both = [(2, 1, 6, "", ("127.0.0.1", 0)), (2, 1, 6, "", ("192.168.1.20", 0))]
    monkeypatch.setattr(exposure.socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(exposure.Exposed):
        exposure.refuse_exposure("localhost", "open")


def test_a_board_that_asks_who_is_calling_may_listen_anywhere():
    exposure.refuse_exposure("0.0.0.0", "token")
