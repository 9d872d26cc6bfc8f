"""Every answer about the conversation has the shape the OpenAPI schema gives it."""

import pytest

from channels_app.api import answers
from tasks.api import answers as board_answers
from tests.tasks.api.test_answers import fits


@pytest.fixture
def story(api):
    """A conversation with something of everything; gives the answers on the way, by the shape each must have."""
    seen = []

    def keep(shape, answer, status=200):
        assert answer.status_code == status, answer.content
        seen.append((shape, answer.json()))
        return answer.json()

    keep(answers.ChannelPage, api.get("/channels?limit=2"))
    keep(answers.ChannelLine, api.post("/channels", agent="ada", name="#Random", topic="x"), 201)
    keep(answers.InboxPage, api.get("/inbox?agent=rita"))
    keep(answers.MessageReceipt, api.post("/channels/random/messages", agent="ada", text="@rita, look"), 201)
    reply = {"agent": "rita", "text": "Seen", "reply_to": 1}
    keep(answers.MessageReceipt, api.post("/channels/random/messages", **reply), 201)
    api.post("/tasks", agent="olga", title="t", done_criteria=["a"], reviewer="rita")
    api.get("/tasks/next?agent=ada")
    api.post("/tasks/T-1/comments", agent="ada", text="@rita, why?")
    handed_in = {"agent": "ada", "lease": 1, "summary": "s", "evidence": [{"criterion": 1, "text": "e"}]}
    assert api.post("/tasks/T-1/submissions", **handed_in).status_code == 201
    keep(answers.MessagePage, api.get("/channels/random/messages?limit=1"))
    keep(answers.MessagePage, api.get("/channels/random/messages?since=0&limit=1"))
    keep(answers.MessagePage, api.get("/channels/reviews/messages"))
    keep(answers.InboxPage, api.get("/inbox?agent=rita&limit=1"))
    page = keep(answers.InboxPage, api.get("/inbox?agent=rita"))
    keep(answers.ReadReceipt, api.post("/inbox/read", agent="rita", up_to=page["items"][1]["id"]))
    keep(answers.InboxPage, api.get("/inbox?agent=rita"))
    keep(board_answers.PacketOrNothing, api.get("/tasks/next?agent=rita"))
    return seen


def test_every_answer_has_the_shape_its_schema_gives(story):
    for shape, answer in story:
        fits(shape, answer, shape.__name__)


def test_a_receipt_fits_80_tokens(api):
    names = " ".join(f"@agent-with-a-long-name-to-mention-{n}" for n in range(30))
    for word in names.split():
        api.post("/channels/general/messages", agent=word[1:], text="hello")
    answer = api.post("/channels/general/messages", agent="ada", text=names)
    assert len(answer.content) <= 4 * 80
    assert len(api.post("/inbox/read", agent="ada", up_to=2**62).content) <= 4 * 80
