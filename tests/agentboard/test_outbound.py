"""Outbound: a request goes to the address that was checked, to no other, and it ends in time whatever answers."""

import contextlib
import socket
import ssl
import threading
import time
from ipaddress import ip_network
from pathlib import Path

import pytest

from agentboard import outbound
from tests import receivers

pytestmark = pytest.mark.once
HERE = [ip_network("127.0.0.0/8")]
NAMES = {"X-AgentBoard-Event": "task.created"}
# For hooks.example, signed by itself; good for a hundred years.
PAIR = Path(__file__).with_name("hooks.example.pem")


def leads_to(*addresses):
    return lambda host, port: list(addresses)


def post(url, **options):
    options = {"allowed": HERE, "resolving": leads_to("127.0.0.1")} | options
    return outbound.post(url, b'{"a": 1}', NAMES, **options)


@pytest.fixture
def receiver():
    with receivers.listening() as one:
        yield one


@contextlib.contextmanager
def raw(serve):
    """A server that does with a connection whatever `serve` says; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def run():
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    serve(connection)

        threading.Thread(target=run, daemon=True).start()
        yield server.getsockname()[1]


def test_what_is_sent_arrives_and_what_is_answered_is_given(receiver):
    receiver.says(418, b"short and stout")
    answer = post(f"http://hooks.example:{receiver.port}/a?b=c")
    assert answer == outbound.Answer(418, "short and stout")
    (one,) = receiver.received
    assert (one.path, one.body) == ("/a?b=c", b'{"a": 1}')
    assert one.headers["Host"] == f"hooks.example:{receiver.port}"
    assert one.headers["X-AgentBoard-Event"] == "task.created"


def test_a_redirect_is_not_followed(receiver):
    receiver.says(302, Location=f"{receiver.url}/elsewhere")
    assert post(receiver.url).status == 302
    assert len(receiver.received) == 1


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.8", "169.254.169.254", "::ffff:127.0.0.1"])
def test_a_name_that_leads_to_an_address_that_is_not_public_is_refused_before_anything_connects(
    address, receiver, monkeypatch
):
    monkeypatch.setattr(outbound.socket, "socket", None)
    with pytest.raises(outbound.NotSent, match=f"hooks.example leads to {address}"):
        post(f"http://hooks.example:{receiver.port}/", allowed=[], resolving=leads_to(address))


def test_the_addresses_of_a_name_that_may_not_be_reached_are_passed_over(receiver):
    answer = post(
        f"http://hooks.example:{receiver.port}/", resolving=leads_to("10.0.0.8", "::1", "127.0.0.1")
    )
    assert answer.status == 204


def test_a_name_is_looked_up_once_so_leading_elsewhere_a_moment_later_changes_nothing(receiver, monkeypatch):
    addresses = iter(["127.0.0.1", "10.0.0.8"])
    monkeypatch.setattr(outbound.socket, "getaddrinfo", None)
    url = f"http://hooks.example:{receiver.port}/"
    assert post(url, resolving=lambda host, port: [next(addresses)]).status == 204
    with pytest.raises(outbound.NotSent, match=r"leads to 10\.0\.0\.8"):
        post(url, resolving=lambda host, port: [next(addresses)])
    assert len(receiver.received) == 1


def test_localhost_and_numbers_in_disguise_lead_to_where_they_lead():
    for host in ("localhost", "2130706433", "0x7f.1"):
        with pytest.raises(outbound.NotSent, match=r"leads to (127\.0\.0\.1|::1)"):
            post(f"http://{host}/", allowed=[], resolving=outbound.resolve)


def test_proxies_of_the_environment_are_not_asked(receiver, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert post(receiver.url).status == 204


def test_a_name_that_nothing_knows_is_a_failure_in_words():
    def unknown(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(outbound.NotSent, match=r"hooks\.example cannot be resolved: .*not known"):
        post("http://hooks.example/", resolving=unknown)


def dribble(connection):
    """An answer that never ends, a byte at a time, each well before any timeout of a single read."""
    for _ in range(200):
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: "[:1])
        time.sleep(0.02)


def never(connection):
    time.sleep(2)


@pytest.mark.parametrize("serve", [dribble, never])
def test_it_ends_in_time_however_slowly_the_answer_comes(serve):
    with raw(serve) as port:
        began = time.monotonic()
        with pytest.raises(outbound.NotSent, match="no answer in time"):
            post(f"http://hooks.example:{port}/", seconds=0.3)
        assert time.monotonic() - began < 1


def test_a_resolver_that_does_not_answer_is_not_waited_for():
    with pytest.raises(outbound.NotSent, match="no answer in time"):
        post("http://hooks.example/", seconds=0.2, resolving=lambda host, port: time.sleep(1))


def test_of_an_endless_answer_a_few_kilobytes_are_read():
    def serve(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 4096)

    with raw(serve) as port:
        answer = post(f"http://hooks.example:{port}/")
    assert answer == outbound.Answer(200, "x" * 300)

    def endless_headers(connection):
        connection.recv(4096)
        for _ in range(10_000):
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    with raw(endless_headers) as port, pytest.raises(outbound.NotSent, match="no HTTP"):
        post(f"http://hooks.example:{port}/")


@pytest.mark.parametrize("said", [b"", b"SSH-2.0\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\0" * 100])
def test_what_is_no_http_is_a_failure_in_words(said):
    def serve(connection):
        connection.recv(4096)
        connection.sendall(said)

    with raw(serve) as port, pytest.raises(outbound.NotSent):
        post(f"http://hooks.example:{port}/")


def test_nobody_listening_is_a_failure_in_words():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(outbound.NotSent, match="refused"):
        post(f"http://hooks.example:{port}/")


def test_the_certificate_must_be_the_names_although_the_connection_goes_to_an_address():
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(PAIR)
    trusting = ssl.create_default_context(cafile=PAIR)
    with receivers.listening(serving) as receiver:
        assert post(f"https://hooks.example:{receiver.port}/", context=trusting).status == 204
        with pytest.raises(outbound.NotSent, match="certificate is refused: Hostname mismatch"):
            post(f"https://other.example:{receiver.port}/", context=trusting)
        with pytest.raises(outbound.NotSent, match=r"certificate is refused: self.signed"):
            post(f"https://hooks.example:{receiver.port}/")
    assert len(receiver.received) == 1
