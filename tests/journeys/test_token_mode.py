"""A board that asks who is calling, from its first token to a revoked one, through a real server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tasks.domain import agents, authoring, tokens
from tasks.models import Agent, Task, Token
from tasks.web import snippets
from tests import real_server
from tests.agentboard.cli import operating
from tests.agentboard.serve import callers
from tests.conftest import NOW
from tests.real_server import RealServer

pytestmark = pytest.mark.journey


@pytest.fixture
def site(own_board: str) -> Iterator[RealServer]:
    with real_server.running(own_board, AUTH="token", HOST="0.0.0.0") as server:
        yield server


def port_of(site: RealServer) -> int:
    return int(site.url.rpartition(":")[2])


def write(title: str) -> Task:
    olga, _ = agents.find_or_register("olga", now=NOW)
    draft = authoring.Draft(title, done_criteria=["It works"])
    return authoring.write([draft], by=olga, now=NOW).tasks[0]


def test_the_first_token_is_made_where_the_board_runs_used_listed_and_revoked(
    own_board: str, site: RealServer, tmp_path: Path
):
    def run(*arguments: str) -> operating.Ran:
        return operating.run("tokens", *arguments, DATABASE_URL=own_board, DATA_DIR=tmp_path)

    made = run("create", "Link", "--label", "laptop", "--expires", "90d")
    secret = made.out.strip()
    assert (made.code, made.err) == (0, "The token of link; it is shown this once.\n")

    def ask() -> int:
        headers = {"Authorization": f"Bearer {secret}"}
        return callers.ask(port_of(site), "/tasks/next", headers=headers).status

    assert callers.ask(port_of(site), "/tasks/next?agent=link").status == 401
    assert ask() == 200
    listed = run("list", "link").out.split()
    assert listed[0] == secret[:11]
    assert {"link", "good", "used", "laptop"} <= set(listed)
    assert run("revoke", listed[0]).code == 0
    assert ask() == 401
    assert secret[12:] not in site.log()


def test_what_the_connect_page_says_to_paste_works_as_it_is(site: RealServer):
    for n, name in enumerate(("Python", "curl", "Cursor")):
        write(f"task {n}")
        issued = tokens.issue_to(f"link-{n}", by=None, now=NOW)
        pasted = snippets.Connection(url=site.url, agent=f"link-{n}", token=issued.secret)
        texts = {client.name: client.snippets for client in snippets.clients(pasted)}
        if name != "Python" and not shutil.which("curl"):
            continue
        command = [sys.executable, "-c", texts[name][0].text]
        if name == "curl":
            command = ["bash", "-c", texts[name][0].text]
        if name == "Cursor":
            # The rule's own line, with the variables that the shell has.
            (line,) = [one for one in texts[name][1].text.splitlines() if one.startswith("    curl")]
            command = ["bash", "-c", f"{texts[name][0].text}\n{line}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

        assert "Do the work" in done.stdout, done.stderr
        assert Task.objects.get(title=f"task {n}").assignee.name == f"link-{n}"


def test_whoever_waits_for_work_is_given_none_once_its_token_is_revoked(site: RealServer):
    issued = tokens.issue_to("link", by=None, now=NOW)
    headers = {"Authorization": f"Bearer {issued.secret}"}
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(callers.ask, port_of(site), "/tasks/next?wait=30", headers=headers)
        callers.eventually(lambda: Token.objects.get().last_used_at is not None)
        callers.eventually(lambda: Agent.objects.filter(name="link", last_seen_at__isnull=False).exists())
        tokens.revoke(issued.token.prefix, by=None, now=NOW)
        task = write("too late")
        answer = waiting.result(40)

    assert answer.status == 401
    assert Task.objects.get(pk=task.pk).status == "todo"
