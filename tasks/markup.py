"""Markup: what the Markdown that agents and people write mentions, and how it is shown. It is stored as it was written.

`@name` mentions an agent and `T-9` links to a task, except inside code, links and addresses. Shown, it is HTML that
can be put into a page as it is: no raw HTML, no images, links to http, https and mailto only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TASK_PAGE = "/board/T-{}"
AGENT_PAGE = "/board/agents#{}"

_LONGEST_NAME = 40
# An address is matched first, so that nothing is found inside of it; `a@b.c` and `@scope/name@1` are no mentions.
_REFERENCES = re.compile(
    r"(?P<address>\b(?:[A-Za-z][A-Za-z0-9+.-]*+://|www\.)\S++)"
    r"|(?<![A-Za-z0-9._%+@/-])@(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*+)(?![@/])"
    r"|(?<![A-Za-z0-9._%+@/-])T-(?P<task>[1-9][0-9]{0,17}+)(?![A-Za-z0-9_-])"
)
_ALLOWED_SCHEME = re.compile(r"(?:https?|mailto):", re.IGNORECASE)
_AFTER_AN_ADDRESS = ".,:;!?'\"*_~)]}>"
_TAGS = {
    *(
        "p",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "code",
        "em",
        "strong",
        "s",
        "a",
    ),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title", "class"}, "ol": {"start"}}


def mentions(text: str) -> list[tuple[str, ...]]:
    """What the text mentions, in order: for each `@` the names it may stand for, the likeliest first, lower-case.

    There are several because a name may end with a full stop, and so may a sentence.
    """
    if "@" not in text:
        return []
    found = (
        _candidates(match["name"])
        for written in _written(_MARKDOWN.parse(text))
        for match in _REFERENCES.finditer(written)
        if match["name"]
    )
    return list(dict.fromkeys(names for names in found if names))


def render(text: str, *, names: Collection[str] = ()) -> str:
    """The text as safe HTML. Mentions of `names` become links to agents, other mentions stay text."""
    html = _MARKDOWN.render(text, {"names": names})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )


def _candidates(name: str) -> tuple[str, ...]:
    lowered = name.lower()
    shortest = lowered.rstrip("._-")
    ends = range(len(lowered), len(shortest) - 1, -1)
    return tuple(lowered[:end] for end in ends if end <= _LONGEST_NAME)


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Only what leads out of the board; a relative link would mean something else on every page."""
        return _ALLOWED_SCHEME.match(url) is not None


def _written(tokens: Sequence[Token]) -> Iterator[str]:
    """The texts outside of code and links."""
    for token in tokens:
        depth = 0
        for child in token.children or ():
            depth += child.nesting if child.type in ("link_open", "link_close") else 0
            if child.type == "text" and depth == 0:
                yield child.content


def _refer(state: StateCore) -> None:
    """Markdown-it's rule that makes links of references, and of images, which are not loaded."""
    for token in state.tokens if "names" in state.env else ():
        depth, children = 0, []
        for child in token.children or ():
            depth += child.nesting if child.type in ("link_open", "link_close") else 0
            if child.type == "image":
                alt = child.content or str(child.attrs["src"])
                children += [_text(alt)] if depth else _link(str(child.attrs["src"]), alt)
            elif child.type == "text" and depth == 0:
                children += _linked(child.content, state.env["names"])
            else:
                children.append(child)
        if token.children is not None:
            token.children = children


def _linked(text: str, names: Collection[str]) -> Iterator[Token]:
    at = 0
    for match in _REFERENCES.finditer(text):
        shown, address, kind = _target(match, names)
        if address:
            yield _text(text[at : match.start()])
            yield from _link(address, shown, kind)
            at = match.start() + len(shown)
    yield _text(text[at:])


def _target(match: re.Match[str], names: Collection[str]) -> tuple[str, str, str]:
    """The beginning of the match that becomes a link, where that leads (empty: nowhere) and its class."""
    if match["task"]:
        return match[0], TASK_PAGE.format(match["task"]), "task"
    if match["address"]:
        address = match[0].rstrip(_AFTER_AN_ADDRESS)
        return address, address if _ALLOWED_SCHEME.match(address) else "", ""
    known = next((name for name in _candidates(match["name"]) if name in names), "")
    return match[0][: len(known) + 1], AGENT_PAGE.format(known) if known else "", "agent"


def _link(address: str, shown: str, kind: str = "") -> list[Token]:
    attributes: dict[str, Any] = {"href": address} | ({"class": kind} if kind else {})
    return [Token("link_open", "a", 1, attrs=attributes), _text(shown), Token("link_close", "a", -1)]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


_MARKDOWN = _Markdown("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_MARKDOWN.core.ruler.push("refer", _refer)
