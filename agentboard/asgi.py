"""The board as an ASGI application: what `agentboard web` serves, and any other ASGI server can."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime

from django.core.wsgi import get_wsgi_application

from agentboard.serve.application import Application


def compose() -> Application:
    """Everything goes to Django's WSGI handler; calls that wait and streams go on in `Application`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentboard.settings")
    board = get_wsgi_application()
    # Late, because models can only be imported once Django is set up.
    from django.db import connections

    from agentboard import news
    from agentboard.serve.feed import Source
    from tasks.queries import waiting

    def find_wakeable(tickets: Sequence[str]) -> Sequence[int]:
        return waiting.find_wakeable(tickets, now=datetime.now(UTC))

    return Application(
        board,
        find_wakeable=find_wakeable,
        on_idle=connections.close_all,
        news=Source(news.look, on_idle=connections.close_all),
    )


application = compose()
