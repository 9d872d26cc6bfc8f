"""The form of what an agent is: the limits are those of the API."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings

from tasks.models import Agent

_LONGEST_SKILL = 60
_MOST_SKILLS = 200


class AgentForm(forms.Form):
    """Role, skills and limit of an agent."""

    role = forms.CharField(max_length=60, required=False)
    skills = forms.CharField(max_length=15_000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    wip_limit = forms.IntegerField(min_value=1, max_value=1000, required=False)

    @classmethod
    def of(cls, agent: Agent) -> AgentForm:
        """The form as the agent is."""
        return cls(
            initial={"role": agent.role, "skills": ", ".join(agent.skills), "wip_limit": agent.wip_limit}
        )

    def clean_skills(self) -> list[str]:
        """The skills, lower-case, each once."""
        skills = [skill.strip().lower() for skill in re.split(r"[,\n]", self.cleaned_data["skills"])]
        found = list(dict.fromkeys(filter(None, skills)))
        if len(found) > _MOST_SKILLS or any(len(skill) > _LONGEST_SKILL for skill in found):
            raise forms.ValidationError(
                f"Up to {_MOST_SKILLS} skills of up to {_LONGEST_SKILL} characters each, with commas between them."
            )
        return found

    def facts(self) -> dict[str, Any]:
        """What `agents.change` takes."""
        return {name: self.cleaned_data[name] for name in ("role", "skills", "wip_limit")}

    @property
    def usual_limit(self) -> int:
        """The limit of an agent that has none of its own."""
        return int(settings.WIP_LIMIT)
