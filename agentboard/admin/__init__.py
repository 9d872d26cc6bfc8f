"""The operator's door to the scheduler: what is done by the clock, what failed, what waits."""

from agentboard.admin import jobs, people, questions, queue, schedules

__all__ = ["jobs", "people", "questions", "queue", "schedules"]
