"""Calls: the steps of a script as an agent makes them, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentboard.cli import connection
from agentboard.demo.script import Step


def work(board: connection.Connection, packet: Mapping[str, Any], step: Step) -> None:
    """Write what the holder says, or hand the task in. Raises Failure where the board refuses."""
    path = f"/tasks/{packet['task']['id']}"
    held = {"lease": packet["lease"]["token"]}
    if step.verb != "submit":
        board.post(f"{path}/comments", held | {"kind": step.verb, "text": step.text})
        return
    evidence = [{"criterion": point.number, "text": point.text} for point in step.points]
    board.post(f"{path}/submissions", held | {"summary": step.text, "evidence": evidence})


def read_back(board: connection.Connection, packet: Mapping[str, Any]) -> None:
    """Say in other words what the handoff of the packet says."""
    handoff = packet["handoff"]
    text = (
        f"From {handoff['from']}: I go on with what is pending ({_first_sentence(handoff['pending'])}), and keep in"
        f" mind: {_first_sentence(handoff['gotchas'])}."
    )
    path = f"/tasks/{packet['task']['id']}/handoffs/{handoff['id']}/readback"
    board.post(path, {"lease": packet["lease"]["token"], "text": text})


def judge(board: connection.Connection, packet: Mapping[str, Any], step: Step) -> None:
    """Judge the submission of a review packet."""
    findings = [{"id": point.number, "met": point.met, "note": point.text} for point in step.points]
    body = {"submission": packet["submission"]["id"], "verdict": step.verb, "criteria": findings}
    board.post(f"/tasks/{packet['task']['id']}/reviews", body | {"comment": step.text})


def _first_sentence(text: str) -> str:
    return text.strip("- \n").partition("\n")[0].partition(". ")[0].rstrip(".")
