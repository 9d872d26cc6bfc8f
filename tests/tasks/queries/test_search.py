"""Search: the same words find the same tasks on both databases."""

import pytest

from tasks.models import Task
from tasks.queries import search

TEXTS = {
    "file": "Crash in cmd/server/file.go:42",
    "hyphen": "Make the a-b switch well-known",
    "snake": "Rename lease_token to fence_token",
    "umlaut": "Größe der Übersicht ändern",
    "accent": "Déjà vu in the café",
    "cjk": "修复 登录页面 的错误",
    "kana": "テスト を直す",
    "cyrillic": "Починить вход",
    "greek": "Ωμέγα",
    "quotes": """He said "don't" and 'won't'; it’s “fine” — really…""",
    "operators": "Use AND or OR, NOT near NEAR(a b) with * and ^ and title:",
    "numbers": "Bump 3.14.159 to 3.15rc1, v2 and 1e5, 0x1F, -12, 100%",
    "mail": "Ask olga@example.com about https://example.com/a/b?c=d#e",
    "markup": "<b>Bold</b> &amp; {{ template }} \\n $HOME ~/.config",
    "camel": "renderTaskList calls HTTPServer",
    "emoji": "Ship it 🚀 now🎉then",
    "hindi": "हिन्दी में लिखो",
    "thai": "กำไร่ ไม่มี",
    "decomposed": "Nai\u0308ve re\u0301sume\u0301",
    "invisible": "zero\u200bwidth soft\u00adhyphen ⚠\ufe0fwarning 1\ufe0f\u20e3first",
    "raised": "17 m² and ½ litre ①",
    "signs": "C++ and C# and F♯ cost 5€ ½ ™",
}
# What is asked, and which of the texts it finds.
ASKED = {
    "file.go": {"file"},
    "cmd/server": {"file"},
    "file go": {"file"},
    "go file": {"file"},
    "ile": set(),
    "42": {"file"},
    "switch a-b": {"hyphen"},
    "known": {"hyphen"},
    "well-kn": {"hyphen"},
    "wellknown": set(),
    "lease_token": {"snake"},
    "fence": {"snake"},
    "lease_tok": {"snake"},
    "leasetoken": set(),
    "größe": {"umlaut"},
    "GRÖSSE": set(),
    "GRÖßE": {"umlaut"},
    "übers": {"umlaut"},
    "ubersicht": set(),
    "Ändern Größe": {"umlaut"},
    "café": {"accent"},
    "cafe": set(),
    "修复": {"cjk"},
    "登录": {"cjk"},
    "页面": set(),
    "テスト": {"kana"},
    "ПОЧИНИТЬ": {"cyrillic"},
    "ωμ": {"greek"},
    '"don\'t"': {"quotes"},
    "dont": set(),
    "it’s “fine”": {"quotes"},
    "really…": {"quotes"},
    "AND OR NOT": {"operators"},
    "NEAR(a b)": {"operators"},
    "NEAR/2": set(),
    "title:": {"operators"},
    "title:file": set(),
    "-file": {"file"},
    "NOT file": set(),
    "file OR snake": set(),
    "3.14": {"numbers"},
    "3.15rc1": {"numbers"},
    "v2": {"numbers"},
    "1e5": {"numbers"},
    "1e": {"numbers"},
    "0x1f": {"numbers"},
    "-12": {"numbers"},
    "12": {"numbers"},
    "olga@example.com": {"mail"},
    "example com": {"mail"},
    "https://example.com/a/b": {"mail"},
    "<b>Bold": {"markup"},
    "{{ template }}": {"markup"},
    "$HOME": {"markup"},
    "rendertasklist": {"camel"},
    "httpserver": {"camel"},
    "ship now": {"emoji"},
    "🚀": set(),
    "then": {"emoji"},
    "c++ and c#": {"signs"},
    "5": {"signs"},
    "हिन्दी": {"hindi"},
    "हि": {"hindi"},
    "ไม่": {"thai"},
    "nai\u0308": {"decomposed"},
    "naïve": set(),
    "\u0301resume": set(),
    "width": {"invisible"},
    "zero\u200bwidth": {"invisible"},
    "hyphen warning first": {"invisible"},
    "17 m²": {"raised"},
    "½ litre": {"raised"},
}
SYNTAX = [
    *(
        '"',
        "'",
        '"unclosed',
        "'unclosed",
        "()",
        "(((",
        ")(",
        "a & b",
        "a | b",
        "!a",
        "a:*",
        "a:b",
        "a <-> b",
        "a <2> b",
    ),
    *(
        "*",
        "a*",
        "^a",
        "a AND",
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "NEAR(",
        "{a b}:c",
        "a + b",
        "\\",
        "\\'",
        "a\\",
        "%",
        "%s",
    ),
    *(
        "%(x)s",
        "a;b--",
        "';--",
        "_",
        "__",
        " ",
        "\t\n",
        "\u200b",
        "a" * 500,
        "a " * 300,
        "😀",
        "a\u0301",
        "ﬁ",
        "²",
        "½",
    ),
]


@pytest.fixture
def texts(write):
    return {write(title="x", description=text).pk: name for name, text in TEXTS.items()}


@pytest.mark.parametrize("asked", ASKED)
def test_a_question_finds_the_tasks_that_have_all_its_words(texts, asked):
    found = {texts[task.pk] for task in search.matching(Task.objects.all(), asked)}
    assert found == ASKED[asked]


@pytest.mark.parametrize("asked", SYNTAX)
def test_no_sign_in_a_question_is_syntax(texts, asked):
    assert set(search.matching(Task.objects.all(), asked)) <= set(Task.objects.all())


@pytest.mark.parametrize("asked", ["", " ", "***", "&&", "🚀", "_", "--"])
def test_a_question_without_a_word_finds_nothing(texts, asked):
    assert list(search.matching(Task.objects.all(), asked)) == []


def test_title_and_description_are_searched_as_one(write):
    task = write("Walrus", description="tusk")
    assert list(search.matching(Task.objects.all(), "tusk walrus")) == [task]


def test_the_question_is_put_to_the_tasks_it_is_given(write):
    write("walrus")
    task = write("walrus", priority=0)
    assert list(search.matching(Task.objects.filter(priority=0), "walrus")) == [task]


def test_a_long_text_is_searched_to_its_end(write):
    task = write(description="x " * 49_990 + "walrus")
    assert list(search.matching(Task.objects.all(), "walrus")) == [task]


def test_the_longest_text_of_different_words_can_be_stored_and_searched(write):
    """Its index entry is the largest there can be."""
    words = [chr(0x4E00 + at % 20000) + chr(0x4E00 + at // 20000) for at in range(33_333)]
    task = write(description=" ".join(words))
    assert list(search.matching(Task.objects.all(), words[-1])) == [task]


def test_a_word_longer_than_an_index_takes_does_no_harm(write):
    task = write(description=f"before {'x' * 5000} after")
    assert list(search.matching(Task.objects.all(), "before after")) == [task]
