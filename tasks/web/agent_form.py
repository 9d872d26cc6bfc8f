"""The form of what an agent is."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings

from tasks.domain import limits
from tasks.models import Agent


class AgentForm(forms.Form):
    """Role, skills and limit of an agent."""

    role = forms.CharField(max_length=limits.ROLE, required=False)
    skills = forms.CharField(max_length=15_000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    wip_limit = forms.IntegerField(min_value=1, max_value=limits.WIP, required=False)

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
        if len(found) > limits.SKILLS_HAD or any(len(skill) > limits.SKILL for skill in found):
            raise forms.ValidationError(
                f"Up to {limits.SKILLS_HAD} skills of up to {limits.SKILL} characters each, with commas between them."
            )
        return found

    def facts(self) -> dict[str, Any]:
        """What `agents.change` takes."""
        return {name: self.cleaned_data[name] for name in ("role", "skills", "wip_limit")}

    @property
    def usual_limit(self) -> int:
        """The limit of an agent that has none of its own."""
        return int(settings.WIP_LIMIT)
