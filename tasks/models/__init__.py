"""The facts of the board: fields, constraints, indexes."""

from tasks.models.agent import Agent
from tasks.models.attempt import Attempt
from tasks.models.block import Block
from tasks.models.comment import Comment
from tasks.models.criterion import Criterion
from tasks.models.dependency import Dependency
from tasks.models.digest import Digest
from tasks.models.event import Event
from tasks.models.handoff import Handoff
from tasks.models.label import TaskLabel
from tasks.models.lane import Lane
from tasks.models.project import Project
from tasks.models.review import Override, Review, Verdict
from tasks.models.sign_in_link import SignInLink
from tasks.models.submission import Evidence, Submission
from tasks.models.task import FINISHED, DoneVia, Status, Task
from tasks.models.token import Token
from tasks.models.webhook import Delivery, Webhook

__all__ = [
    "FINISHED",
    "Agent",
    "Attempt",
    "Block",
    "Comment",
    "Criterion",
    "Delivery",
    "Dependency",
    "Digest",
    "DoneVia",
    "Event",
    "Evidence",
    "Handoff",
    "Lane",
    "Override",
    "Project",
    "Review",
    "SignInLink",
    "Status",
    "Submission",
    "Task",
    "TaskLabel",
    "Token",
    "Verdict",
    "Webhook",
]
