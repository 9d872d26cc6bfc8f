"""The small board in memory, with submissions and reviews: it keeps its word, except for the one lie it is to tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.agentboard.cli.fake_board import Asked, Said, problem
from tests.agentboard.cli.simulate import lying_board

CRITERIA = [{"id": 1, "text": "It works"}, {"id": 2, "text": "A test shows it"}]


@dataclass
class _Task(lying_board.Task):
    """`worker` is who had it last, and gets it back when it is rejected."""

    worker: str | None = None
    workers: set[str] = field(default_factory=set)
    reviewer: str | None = None
    submissions: list[dict[str, Any]] = field(default_factory=list)
    feedback: dict[str, Any] | None = None
    rejections: int = 0


class FinishingBoard(lying_board.LyingBoard):
    """Every third task waits for the one before it. `lie` is what it lies about, in words; None is the truth."""

    paths = [
        (r"POST /tasks/(?P<ref>T-\d+)/submissions", "submit"),
        (r"POST /tasks/(?P<ref>T-\d+)/reviews", "judge"),
        ("GET /reviews/next", "review"),
        *lying_board.LyingBoard.paths,
    ]

    def __init__(self, lie: str | None, *, tasks: int = 15) -> None:
        super().__init__(lie)
        self.tasks = {f"T-{number}": _Task(f"T-{number}") for number in range(1, tasks + 1)}
        for number in range(3, tasks + 1, 3):
            self.tasks[f"T-{number}"].depends_on = [f"T-{number - 1}"]

    def free_for(self, name: str) -> list[Any]:
        """Its own first, which came back to it, then what is ready."""
        todo = [task for task in self.tasks.values() if task.status == "todo"]
        ready = [task for task in todo if self._is_ready(task)]
        waiting = [task for task in todo if task not in ready]
        if waiting and self.lies("overtakes a dependency", once=True):
            return waiting
        done = [task for task in self.tasks.values() if task.status == "done"]
        if done and self.lies("gives out a finished task", once=True):
            return done
        if self.lie == "leaves a task behind":
            ready = [task for task in ready if task.ref != "T-1"]
            self.lied += 1
        mine = [task for task in ready if task.worker == name]
        return mine or [task for task in ready if task.worker is None and task.reviewer != name]

    def _is_ready(self, task: _Task) -> bool:
        return all(self.tasks[blocker].status == "done" for blocker in task.depends_on)

    def _ready(self, asked: Asked) -> Any:
        if "status" not in asked.query:
            return {"tasks": [{"id": task.ref} for task in self.free_for(asked.headers["x-agent"])]}
        rows = [
            {
                "id": one.ref,
                "status": one.status,
                "assignee": one.holder or one.worker,
                "reviewer": one.reviewer,
            }
            for one in self.tasks.values()
            if one.status in asked.query["status"].split(",")
        ]
        return {"tasks": rows}

    def _claim(self, asked: Asked, ref: str) -> Any:
        task, name = self.tasks[ref], asked.headers["x-agent"]
        return self._take(task, name) if task in self.free_for(name) else problem(409, "not_ready")

    def _show(self, asked: Asked, ref: str) -> Any:
        task = self.tasks[ref]
        about = {"done_criteria": CRITERIA, "depends_on": task.depends_on, "skills": [], "not_before": None}
        about |= {"reviewer": task.reviewer, "ready": True, "done_via": "approval"}
        if self.lie == "overtakes a dependency":
            return about | {"status": "done", "holder": None}
        return about | super()._show(asked, ref)

    def _take(self, task: _Task, name: str) -> dict[str, Any]:  # type: ignore[override]
        task.worker = name
        task.workers.add(name)
        return super()._take(task, name)

    def _packet(self, task: _Task, *, resumed: bool) -> dict[str, Any]:  # type: ignore[override]
        packet = super()._packet(task, resumed=resumed)
        packet["task"] |= {"done_criteria": CRITERIA, "rejections": task.rejections}
        forgotten = task.feedback and self.lies("forgets the notes")
        return packet | {"feedback": None if forgotten else task.feedback}

    def _submit(self, asked: Asked, ref: str) -> Any:
        task, name = self.tasks[ref], asked.headers["x-agent"]
        if (task.holder, task.token) != (name, asked.body["lease"]):
            return problem(409, "lease_lost")
        number = len(task.submissions) + 1
        receipt = Said(201, {"id": ref, "status": "validating", "submission": number, "reviewer": None})
        if self.lies("loses a submission", once=True):
            return receipt
        task.submissions.append({"id": number, "by": name, **asked.body})
        task.status, task.holder, task.feedback = "validating", None, None
        self.record(task, "task.submitted", name, submission=number)
        if self.lies("finishes without a review", once=True):
            task.status = "done"
        return receipt

    def _review(self, asked: Asked) -> Any:
        name = asked.headers["x-agent"]
        waiting = [task for task in self.tasks.values() if task.status == "validating"]
        own = [task for task in waiting if name in task.workers]
        if own and self.lies("gives a worker its own work to judge", once=True):
            waiting = own
        else:
            waiting = [task for task in waiting if task.reviewer in (None, name) and name not in task.workers]
        if not waiting:
            return {"task": None, "retry_after": 15}
        task = waiting[0]
        task.reviewer = name
        submission = task.submissions[-1]
        if self.lies("changes the evidence"):
            submission = submission | {"evidence": submission["evidence"][:1]}
        about = {"id": task.ref, "done_criteria": CRITERIA, "rejections": task.rejections}
        return {"task": about, "submission": submission, "log": []}

    def _judge(self, asked: Asked, ref: str) -> Any:
        task, name, body = self.tasks[ref], asked.headers["x-agent"], asked.body
        if task.status != "validating" or len(task.submissions) != body["submission"]:
            return problem(409, "wrong_state")
        if self.lies("refuses a verdict it has asked for", once=True):
            return problem(403, "not_the_reviewer")
        approved = body["verdict"] == "approve"
        receipt = Said(201, {"id": ref, "status": "done" if approved else "todo"})
        if self.lies("loses a verdict", once=True):
            return receipt
        by = task.worker if self.lies("takes the verdict of a worker", once=True) else name
        self.record(
            task, f"task.{'approved' if approved else 'rejected'}", str(by), submission=body["submission"]
        )
        if approved and self.lies("finishes a task twice", once=True):
            self.record(task, "task.approved", name, submission=body["submission"])
        task.status = receipt.body["status"]
        if not approved:
            task.rejections += 1
            task.feedback = {"submission": body["submission"], "by": name, "criteria": body["criteria"]}
        return receipt
