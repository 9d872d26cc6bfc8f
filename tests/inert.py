"""What of a page could run something, call away or cover it, within its `main`: nothing, whatever was written."""

from __future__ import annotations

from html.parser import HTMLParser

_FORBIDDEN = {
    *(
        "script",
        "style",
        "link",
        "meta",
        "base",
        "template",
        "img",
        "image",
        "iframe",
        "frame",
        "object",
        "embed",
    ),
    *("video", "audio", "math", "animate", "foreignobject", "plaintext", "body", "html", "title", "noscript"),
}
_ADDRESSES = {"href", "src", "action", "formaction", "xlink:href", "hx-get", "hx-post"}
_OURS = ("/", "?", "#", "http://", "https://", "mailto:")


class _Main(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self.inside = True
        if not self.inside:
            return
        if tag in _FORBIDDEN:
            self.wrong.append(tag)
        for name, value in attrs:
            if name.startswith(("on", "hx-on", "hx-vals", "srcdoc")) or name == "style":
                self.wrong.append(f"{tag} {name}")
            if (name in _ADDRESSES and not (value or "").startswith(_OURS)) or (value or "").startswith("//"):
                self.wrong.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "main"


def objections(html: str) -> list[str]:
    """What is wrong with the page."""
    page = _Main()
    page.feed(html)
    return page.wrong
