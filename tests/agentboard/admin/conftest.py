"""An operator at the admin, as the board's tests have one."""

from tests.tasks.admin.conftest import boss, operator

__all__ = ["boss", "operator"]
