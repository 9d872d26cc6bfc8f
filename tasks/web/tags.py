"""Tags: the small things that every page shows in the same way. Built in, so no template has to load them."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tasks import durations, markup

register = template.Library()

HUES = 12


@register.simple_tag(takes_context=True)
def ago(context: dict[str, Any], when: datetime | None) -> str:
    """How long ago, the absolute time on hover: `6 min ago`. Nothing for None."""
    return _time(context, when, "ago")


@register.simple_tag(takes_context=True)
def since(context: dict[str, Any], when: datetime | None) -> str:
    """The age alone: `6 min`."""
    return _time(context, when, "since")


@register.simple_tag(takes_context=True)
def until(context: dict[str, Any], when: datetime | None) -> str:
    """How long until then: `in 4 min`, or `4 min overdue`."""
    return _time(context, when, "until")


@register.simple_tag
def monogram(name: str) -> str:
    """An agent's two letters on its own, stable hue; the name itself stands beside it, or in the title."""
    letters = "".join(part[0] for part in name.replace(".", "-").replace("_", "-").split("-") if part)[:2]
    shown = letters if len(letters) == 2 else name[:2]
    hue = zlib.crc32(name.encode()) % HUES
    return format_html(
        '<span class="monogram hue-{}" title="{}" aria-hidden="true">{}</span>', hue, name, shown
    )


@register.filter
def thousands(number: int) -> str:
    """A count as the pages write it: `1,170`."""
    return f"{number:,}"


@register.filter
def markdown(text: str, names: Collection[str] = ()) -> SafeString:
    """What an agent or a person wrote, as sanitised HTML (`tasks.markup`). Mentions of `names` become links."""
    return mark_safe(markup.render(text, names=names))


def _time(context: dict[str, Any], when: datetime | None, form: str) -> str:
    if when is None:
        return ""
    now = context.get("now") or timezone.now()
    seconds = (now - when).total_seconds()
    exact = when.astimezone(UTC)
    return format_html(
        '<time datetime="{}" title="{} UTC" data-time="{}">{}</time>',
        exact.isoformat(timespec="seconds"),
        f"{exact:%Y-%m-%d %H:%M:%S}",
        form,
        _worded(seconds, form),
    )


def _worded(seconds: float, form: str) -> str:
    if form == "since":
        return durations.coarse(seconds)
    if form == "ago":
        return f"{durations.coarse(seconds)} ago" if seconds >= 1 else "now"
    return f"in {durations.coarse(seconds)}" if seconds <= 0 else f"{durations.coarse(seconds)} overdue"
