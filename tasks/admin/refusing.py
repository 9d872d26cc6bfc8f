"""Refusals in the admin: forms that make one domain call, and show what it refused where it was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import IntegrityError
from django.http import HttpRequest

from tasks.admin.listing import Listed
from tasks.domain.refusals import Invalid, Refusal
from tasks.models import Agent, Project

_AT_THE_SAME_MOMENT = "Somebody changed this at the same moment; nothing was written."


def sentence(refusal: Refusal | IntegrityError) -> str:
    """What was refused, in its own words. The `fix` is left out: it names calls of the API."""
    if isinstance(refusal, Invalid):
        return " ".join(text for texts in refusal.extra["errors"].values() for text in texts)
    return refusal.detail if isinstance(refusal, Refusal) else _AT_THE_SAME_MOMENT


class RefusableForm(forms.ModelForm):
    """A form whose save is a domain call. `refusal` is what that call answered, when the form is shown again."""

    refusal: Refusal | IntegrityError | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # What counts as changed is what the person changed, not what others did since the page was opened.
            field.show_hidden_initial = self.instance.pk is not None

    def changes(self) -> dict[str, Any]:
        """What to tell the domain, agents and projects by name: every field of something new, else those changed."""
        told = self.fields if self.instance.pk is None else self.changed_data
        given = {name: self.cleaned_data[name] for name in told}
        return {
            name: value.name if isinstance(value, Agent | Project) else value for name, value in given.items()
        }

    def _post_clean(self) -> None:
        # Instead of the model's validation, which knows the constraints but not what to say about them.
        if isinstance(self.refusal, Invalid):
            for name, texts in self.refusal.extra["errors"].items():
                self.add_error(name if name in self.fields else None, texts)
        elif self.refusal:
            self.add_error(None, sentence(self.refusal))


class Refusable(Listed):
    """An admin whose `save_model` makes one domain call; a refusal undoes the request and stands in the form."""

    form = RefusableForm

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)  # The class is made for this request.
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refusal, IntegrityError) as refusal:
            # The transaction of the first pass is undone; the second one only shows the form again.
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)
