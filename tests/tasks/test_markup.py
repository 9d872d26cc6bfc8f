"""Markup: what is a mention and what is not, and that nothing anybody writes becomes more than text in a page."""

from html.parser import HTMLParser
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks import markup

pytestmark = pytest.mark.once
LINK = 'rel="nofollow noopener noreferrer"'

# What is written, and the names it may mention, likeliest first.
MENTIONS = {
    "@rita": [("rita",)],
    "Ask @rita, @Bob and (@olga)!": [("rita",), ("bob",), ("olga",)],
    "Thanks @rita.": [("rita.", "rita")],
    "Thanks @rita...": [("rita...", "rita..", "rita.", "rita")],
    "@worker-3's and @a.b_c": [("worker-3",), ("a.b_c",)],
    "twice @rita and @rita": [("rita",)],
    "请@rita看": [("rita",)],
    "**@rita** _@bob_ ~~@olga~~": [("rita",), ("bob",), ("olga",)],
    "> @rita\n\n- @bob\n\n# @olga": [("rita",), ("bob",), ("olga",)],
    "| @rita |\n|---|\n| @bob |": [("rita",), ("bob",)],
    "a@b.c and me.too+x@rita and -@rita": [],
    "mail olga@example.com or <olga@example.com>": [],
    "@foo@example.com and npm i @scope/pkg": [],
    "https://x.org/@rita http://x.org?a=@bob www.x.org/@olga": [],
    "see src/@rita": [],
    "@ rita, @-x, @.x, @": [],
    "`@rita` and ``x ` @rita``": [],
    "```\n@rita\n```": [],
    "~~~ @rita\n@rita\n~~~\n@bob": [("bob",)],
    "```\n@rita never closed": [],
    "    @rita is indented": [],
    "\t@rita too": [],
    "`not closed @rita": [("rita",)],
    "- item\n\n      @rita code in an item\n\n  @bob": [("bob",)],
    "> ```\n> @rita\n> ```": [],
    "[@rita](https://x.org) ![@bob](https://x.org/y.png)": [],
    "@" + "x" * 40: [("x" * 40,)],
    "@" + "x" * 41: [],
    "@" + "x" * 39 + "..": [("x" * 39 + ".", "x" * 39)],
}


@pytest.mark.parametrize("text", MENTIONS)
def test_a_mention_is_found_where_it_is_one(text):
    assert markup.mentions(text) == MENTIONS[text]


SHOWN = {
    "T-9": '<p><a href="/board/T-9" class="task" ' + LINK + ">T-9</a></p>",
    "(T-9), UT-9 T-9a T-09 t-9 T-9-b": f'<p>(<a href="/board/T-9" class="task" {LINK}>T-9</a>),'
    " UT-9 T-9a T-09 t-9 T-9-b</p>",
    "`T-9 @rita`": "<p><code>T-9 @rita</code></p>",
    "@Rita. @nobody": f'<p><a href="/board/agents#rita" class="agent" {LINK}>@Rita</a>. @nobody</p>',
    "one\ntwo": "<p>one<br>\ntwo</p>",
    "[x](https://y.org 'z')": f'<p><a href="https://y.org" title="z" {LINK}>x</a></p>',
    "[T-9](https://y.org/T-9)": f'<p><a href="https://y.org/T-9" {LINK}>T-9</a></p>',
    "See https://y.org/a_b_c/T-9.": f'<p>See <a href="https://y.org/a_b_c/T-9" {LINK}>https://y.org/a_b_c/T-9</a>.</p>',
    "![a cat](https://y.org/cat.png)": f'<p><a href="https://y.org/cat.png" {LINK}>a cat</a></p>',
    "![](https://y.org/cat.png)": f'<p><a href="https://y.org/cat.png" {LINK}>https://y.org/cat.png</a></p>',
    "[![a](https://y.org/i)](https://y.org/l)": f'<p><a href="https://y.org/l" {LINK}>a</a></p>',
    "[up](../admin/) [root](/admin/) [bare](//evil.org)": "<p>[up](../admin/) [root](/admin/) [bare](//evil.org)</p>",
    "<b>bold</b> &amp;": "<p>&lt;b&gt;bold&lt;/b&gt; &amp;</p>",
    "ftp://y.org/@rita": "<p>ftp://y.org/@rita</p>",
}


@pytest.mark.parametrize("text", SHOWN)
def test_text_is_shown_as(text):
    assert markup.render(text, names={"rita"}).strip() == SHOWN[text]


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "<javascript:alert(1)>",
    '[x](https://y.org "\\" onmouseover=alert(1) x=\\"")',
    "[x](https://y.org/\"onmouseover='alert(1)')",
    'https://y.org/"onmouseover=alert(1)',
    "https://y.org/<script>alert(1)</script>",
    "[x]: javascript:alert(1)\n\n[x]",
    "```x onmouseover=alert(1)\n</code></pre><script>alert(1)</script>\n```",
    "`</code><script>alert(1)</script>`",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<!--><script>alert(1)</script-->",
    "<a href='javascript:alert(1)'>x</a>",
    "@rita<script>alert(1)</script>",
    "T-9<script>alert(1)</script>",
    "| <script>alert(1)</script> |\n|:--|\n| x |",
    "javascript://y.org/%0aalert(1)",
    "<style>*{display:none}</style>",
    "<iframe src=https://y.org></iframe>",
    "[x](mailto:a@b.c?subject=<script>)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(text):
    Inert().feed(markup.render(text, names={"rita"}))


@given(st.text(alphabet="[](){}<>!@T-19`*_~|#>\\\"'&;:/.=\n\t abijscrptonerhf", max_size=200))
def test_whatever_is_written_is_shown_as_text(text):
    Inert().feed(markup.render(text, names={"a", "b"}))
    markup.mentions(text)


REPEATED = [
    "[",
    "`a",
    "*a ",
    "@a ",
    ">",
    "- ",
    "[a](",
    "![a](",
    "<",
    "|a",
    "a+.",
    "\\@",
    "[a]: x\n",
    "www.",
    "@a.",
]


@pytest.mark.parametrize("part", REPEATED)
def test_no_text_of_a_message_takes_long(part):
    text = (part * 20_000)[:20_000]
    before = perf_counter()
    markup.mentions(f"{text} @rita")
    markup.render(text, names={"a"})
    assert perf_counter() - before < 5


class Inert(HTMLParser):
    """Objects to any element or attribute that does more than mark up text and link away."""

    def handle_starttag(self, tag, attrs):
        assert tag in markup._TAGS
        for name, value in attrs:
            assert name in ("href", "title", "class", "rel", "start"), (tag, name)
            if name == "href":
                assert value.lower().startswith(("http://", "https://", "mailto:", "/board/")), value

    def handle_decl(self, decl):
        raise AssertionError(decl)

    def handle_comment(self, data):
        raise AssertionError(data)
