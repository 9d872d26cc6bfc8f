"""Following: what happens on the board becomes messages and notices, within the transaction it happens in."""

from __future__ import annotations

from collections.abc import Sequence

from channels_app.domain import announcements, delivery, news, notifications
from tasks.domain.followers import Happening

_SAY = {**announcements.SAY, **notifications.SAY}
KINDS = tuple(_SAY)


def tell(happenings: Sequence[Happening]) -> None:
    """Say what is to be said about these, which are the news of one transaction. For `tasks.domain.followers`."""
    tasks = news.Tasks(happenings)
    said = [_SAY[happening.kind](news.Item(happening, tasks)) for happening in happenings]
    if sayings := [saying for saying in said if saying]:
        delivery.deliver(sayings, now=happenings[-1].now)
