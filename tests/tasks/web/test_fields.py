"""What a person writes into a field, and what a domain call is given."""

import pytest
from django import forms

from tasks.domain.submissions import Artifact
from tasks.web import fields

pytestmark = pytest.mark.once


def test_artifacts_are_written_one_a_line_with_a_label_or_without():
    written = "The pull request  https://example.com/pull/7\r\n\r\n src/app.py#L10\n"
    assert fields.Artifacts().clean(written) == [
        Artifact("The pull request", "https://example.com/pull/7"),
        Artifact("src/app.py#L10", "src/app.py#L10"),
    ]
    assert fields.Artifacts().clean("") == []


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("a\n" * 51, "There are 51; 50 is the most."),
        ("x" * 2001, "is longer than 2000 characters"),
        (f"{'x' * 201} src/app.py", "is longer than 200 characters"),
    ],
)
def test_too_many_or_too_long_artifacts_are_refused(written, told):
    with pytest.raises(forms.ValidationError, match=told):
        fields.Artifacts().clean(written)
