"""Mentions: each agent that is named gets one notice, whatever it is named in and however often."""

import pytest

from channels_app.domain import messages
from channels_app.models import Notice
from tasks.domain import agents, comments
from tasks.domain.refusals import Refusal
from tests.conftest import NOW


def test_a_comment_reaches_whom_it_mentions(ada, rita, write, told, now):
    task = write()
    written = comments.write(
        task, by=ada, text="@rita, is it @ada?\nMore", kind="question", lease=None, now=now
    )
    assert told(rita) == [("mention", "@rita, is it @ada?")]
    assert told(ada) == []
    notice = Notice.objects.get()
    assert (notice.comment_id, notice.task_id, notice.message) == (written.comment_id, task.pk, None)


def test_a_message_reaches_whom_it_mentions_once(general, ada, rita, bob, told, now):
    message = messages.post(general, "@rita @bob. @Rita @rita, @nobody", by=ada, now=now)
    assert message.mentions == ["rita", "bob"]
    assert [kind for kind, _ in told(rita) + told(bob)] == ["mention", "mention"]
    assert {notice.message for notice in Notice.objects.all()} == {message}


def test_the_longest_name_there_is_counts(general, ada, rita, told, now):
    messages.post(general, "@rita.", by=ada, now=now)
    dotted = agents.register("rita.", now=now)
    messages.post(general, "@rita.", by=ada, now=now)
    assert (len(told(rita)), len(told(dotted))) == (1, 1)


@pytest.mark.parametrize("text", ["`@rita`", "```\n@rita\n```", "    @rita", "mail rita@rita.org", "@ritas"])
def test_what_is_no_mention_reaches_nobody(general, ada, rita, told, now, text):
    assert messages.post(general, text, by=ada, now=now).mentions == []
    assert told(rita) == []


def test_the_board_itself_may_mention(general, ada, told, now):
    message = messages.post(general, "@ada: look", by=None, now=now)
    assert (message.author, told(ada)) == (None, [("mention", "@ada: look")])


def test_a_thousand_mentions_are_a_thousand_notices(general, ada, now, django_assert_max_num_queries):
    names = [f"agent-{n}" for n in range(1000)]
    agents.find_or_register_all(dict.fromkeys(names, "x"), now=now)
    with django_assert_max_num_queries(20):
        messages.post(general, " ".join(f"@{name}" for name in names), by=ada, now=now)
    assert Notice.objects.values("inbox").distinct().count() == Notice.objects.count() == 1000


def test_a_text_of_nothing_but_names_is_looked_through(general, ada, rita, told, now):
    messages.post(general, "".join(f"@a{n}. " for n in range(2500)) + "@rita", by=ada, now=now)
    messages.post(general, ("@a" + "." * 37 + " ") * 480 + "@rita", by=ada, now=now)
    assert len(told(rita)) == 2


def test_notices_count_on_from_the_last(general, ada, rita, now):
    for _ in range(3):
        messages.post(general, "@rita", by=ada, now=now)
    assert list(Notice.objects.order_by("pk").values_list("number", flat=True)) == [1, 2, 3]


def test_a_notice_holds_the_beginning_of_a_long_text(general, ada, rita, now):
    messages.post(general, "@rita " + "x" * 10_000, by=ada, now=now)
    notice = Notice.objects.get()
    assert len(notice.text) == 300
    assert notice.text.endswith("x…")


def test_a_comment_that_is_refused_reaches_nobody(ada, rita, write, told):
    with pytest.raises(Refusal):
        comments.write(write(), by=ada, text="@rita", kind="note", lease=5, now=NOW)
    assert told(rita) == []
