"""Nothing is lost between agents who only speak HTTP: what concerns one finds it, wherever it was said."""

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError

import pytest

from tests import real_server

pytestmark = pytest.mark.journey


class Agent:
    """Calls the board under its name."""

    def __init__(self, url, name):
        self.url, self.name = url, name

    def get(self, path):
        sign = "&" if "?" in path else "?"
        with urllib.request.urlopen(f"{self.url}{path}{sign}agent={self.name}", timeout=30) as answer:
            return json.load(answer)

    def post(self, path, **body):
        content = json.dumps({"agent": self.name, **body}).encode()
        request = urllib.request.Request(self.url + path, content, method="POST")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def inbox(self, limit=50):
        """Every item, page by page."""
        items, cursor = [], ""
        while True:
            page = self.get(f"/inbox?limit={limit}{cursor}")
            items += page["items"]
            if "next_cursor" not in page:
                return items
            cursor = f"&cursor={page['next_cursor']}"


@pytest.fixture
def agent(own_board):
    with real_server.running(own_board) as server:
        yield lambda name: Agent(server.url, name)


def test_from_a_submission_to_done_each_finds_in_its_inbox_what_it_has_to_do(agent):
    olga, ada, rita = agent("olga"), agent("ada"), agent("rita")
    olga.post("/tasks", title="Fix login", done_criteria=["It works"], reviewer="rita")
    lease = ada.get("/tasks/next")["lease"]["token"]
    evidence = [{"criterion": 1, "text": "see the test"}]
    pull = {"label": "pull request", "url": "https://git.example.com/7"}

    ada.post("/tasks/T-1/submissions", lease=lease, summary="Works", evidence=evidence)
    (request,) = rita.inbox()
    assert (request["kind"], request["task"], request["unread"]) == ("review_request", "T-1", True)
    unmet = [{"id": 1, "met": False, "note": "Not on Mondays"}]
    rita.post("/tasks/T-1/reviews", submission=1, verdict="reject", criteria=unmet)

    packet = ada.get("/tasks/next")
    assert packet["also"]["unread"] == 1
    (rejection,) = ada.inbox()
    assert rejection["kind"] == "rejection"
    thread = ada.get(f"/channels/{rejection['channel']}/messages?thread={rejection['message']}&since=0")
    assert [message["event"] for message in thread["messages"]] == ["task.submitted", "task.rejected"]
    assert ada.post("/inbox/read", up_to=rejection["id"]) == {"unread": 0}

    lease = packet["lease"]["token"]
    handed_in = {"lease": lease, "summary": "Mondays too", "evidence": evidence, "artifacts": [pull]}
    ada.post("/tasks/T-1/submissions", **handed_in)
    met = [{"id": 1, "met": True, "note": "Seen on a Monday"}]
    rita.post("/tasks/T-1/reviews", submission=2, verdict="approve", criteria=met)
    (shipped,) = olga.get("/channels/shipping/messages")["messages"]
    assert pull["url"] in shipped["text"]
    assert [item["kind"] for item in rita.inbox()] == ["review_request", "review_request"]


def test_45_mentions_by_many_at_once_arrive_as_45_whoever_reads_in_between(agent):
    rita, olga = agent("rita"), agent("olga")
    rita.get("/inbox")
    olga.post("/tasks", title="t")

    def mention(number):
        where = "/tasks/T-1/comments" if number % 3 else "/channels/general/messages"
        agent(f"writer-{number % 5}").post(where, text=f"@rita {number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(mention, range(45)))
        seen, cursor = [], ""
        while True:
            page = rita.get(f"/inbox?limit=10{cursor}")
            seen += [item["text"] for item in page["items"]]
            if "next_cursor" not in page:
                break
            cursor = f"&cursor={page['next_cursor']}"
            rita.post("/inbox/read", up_to=page["items"][-1]["id"])
            list(pool.map(lambda _: agent("rita").inbox(limit=7), range(4)))
    assert sorted(seen) == sorted(f"@rita {number}" for number in range(45))
    assert rita.get("/inbox")["unread"] == 5


def test_a_message_that_was_not_acknowledged_is_not_there(agent):
    ada = agent("ada")
    with pytest.raises(HTTPError) as refused:
        ada.post("/channels/general/messages", text="x", reply_to=4)
    assert refused.value.code == 422
    refused.value.close()
    assert ada.get("/channels/general/messages") == {"messages": []}
