"""The composition root as a Django app."""

from django.apps import AppConfig


class AgentBoardConfig(AppConfig):
    """Named, so that the project's own checks and commands are found."""

    name = "agentboard"
    verbose_name = "AgentBoard"
