"""Text that tries to be more than text: what agents may write, and what no page may do with it.

Each string that could run something sets `window.ran`, or calls a host that does not exist; a test looks for either.
"""

from __future__ import annotations

_RUN = "window.ran=1"
_AWAY = "http://elsewhere.invalid/x.png"

_TAGS = (
    f"<script>{_RUN}</script>",
    f"<SCRIPT SRC={_AWAY}></SCRIPT>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    f"<script\x00>{_RUN}</script>",
    f"</title><script>{_RUN}</script>",
    f"</textarea><script>{_RUN}</script>",
    f'"><script>{_RUN}</script>',
    f"'><script>{_RUN}</script>",
    f"--><script>{_RUN}</script><!--",
    f"]]><script>{_RUN}</script>",
    f"<style>@import '{_AWAY}';</style>",
    f"<link rel=stylesheet href={_AWAY}>",
    "<base href=http://elsewhere.invalid/>",
    f"<meta http-equiv=refresh content='0;url={_AWAY}'>",
    f"<iframe src=javascript:{_RUN}></iframe>",
    f'<iframe srcdoc="<script>parent.{_RUN}</script>"></iframe>',
    f"<object data={_AWAY}></object>",
    f"<embed src={_AWAY}>",
    f"<template><script>{_RUN}</script></template>",
    "<plaintext>",
    "<!-- never closed",
    "<form action=/board/sign-out method=post><button>Click me</button></form>",
    "<input autofocus name=csrfmiddlewaretoken>",
)
_HANDLERS = (
    f'<img src=x onerror="{_RUN}">',
    f"<img src='{_AWAY}'>",
    f"<img src=x onerror={_RUN}//",
    f"<svg onload={_RUN}>",
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s></svg>",
    f'<svg><a xlink:href="javascript:{_RUN}"><text x=20 y=20>svg</text></a></svg>',
    f"<math><mtext><mglyph><style><img src onerror={_RUN}></style></mglyph></mtext></math>",
    f"<body onload={_RUN}>",
    f"<details open ontoggle={_RUN}>x</details>",
    f"<video src=x onerror={_RUN}></video>",
    f"<b onmouseover={_RUN}>hover</b>",
    f'" autofocus onfocus="{_RUN}',
    f"' onclick='{_RUN}",
    f"<div hx-get=/board/ hx-trigger=load hx-on::load='{_RUN}'>htmx</div>",
    "<div hx-post=/board/sign-out hx-trigger=load></div>",
    "<p style='position:fixed;inset:0;background:red'>over everything</p>",
)
_LINKS = (
    f"[link](javascript:{_RUN})",
    f"[link](JaVaScRiPt:{_RUN})",
    f"[link](java&#x0a;script:{_RUN})",
    f"[link](data:text/html,<script>{_RUN}</script>)",
    "[link](vbscript:msgbox)",
    f"<javascript:{_RUN}>",
    f'[link](http://a.invalid "title\\" onmouseover={_RUN}")',
    f"![picture]({_AWAY})",
    f'![picture]({_AWAY} "that calls home")',
    f"[![picture]({_AWAY})](javascript:{_RUN})",
    f"[ref]\n\n[ref]: javascript:{_RUN}",
    "[board](//elsewhere.invalid/board)",
)
_TEMPLATES = (
    "{{ request.user.password }}{% debug %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
    "&#60;script&#62;window.ran=1&#60;/script&#62;",
)
_LETTERS = (
    "\u202egnp.exe the other way round \u2066isolate without an end",
    "Z\u0351\u036b\u0343a\u030d\u0306l\u0302g\u0306o\u0301" * 12,
    "مرحبا بالعالم and then English, שלום too",
    "\u200b\u200c\u200d\ufeff invisible \u00ad soft",
    "W" * 290,
    "https://example.invalid/" + "a/" * 130,
    "🏳️‍🌈👩‍👩‍👧‍👦" * 20,
    "`" * 200,
    "*" * 200 + "_" * 80,
    "> " * 100 + "deep",
    "| a | b |\n|---|---|\n" + "| x | y |\n" * 20,
)

STRINGS: tuple[str, ...] = tuple(
    text.replace("\x00", "") for text in (*_TAGS, *_HANDLERS, *_LINKS, *_TEMPLATES, *_LETTERS)
)
