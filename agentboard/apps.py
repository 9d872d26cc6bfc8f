"""The composition root as a Django app, and the admin with a site of its own."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class AgentBoardConfig(AppConfig):
    """Named, so that the project's own checks and commands are found."""

    name = "agentboard"
    verbose_name = "AgentBoard"
    default = True


class OperatorsConfig(AdminConfig):
    """Django's admin; its site is ours."""

    default_site = "agentboard.operators_site.OperatorsSite"
    default = False
