"""The board as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class TasksConfig(AppConfig):
    """Keeps the database's guards in force across migrations."""

    name = "tasks"
    verbose_name = "Board"

    def ready(self) -> None:
        from tasks.models import guards

        pre_migrate.connect(guards.remove_before_migrations, sender=self)
        post_migrate.connect(guards.install_after_migrations, sender=self)
