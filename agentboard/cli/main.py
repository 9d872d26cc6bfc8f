"""The `agentboard` command: finds the module of the command that was asked for, and lets it do the work.

A command's module offers `add_parser(subparsers)`, which adds its parser and names its handler with
`set_defaults(run=handler)`. The handler takes the parsed arguments and returns the exit code. Only the module
of the command at hand is imported, so that asking for work never waits for the server's libraries.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from agentboard.cli import intermixed

# Command → the module that adds its parser; in the order of the help. One module may serve several commands.
COMMANDS = {
    "next": "agentboard.cli.next",
    "active": "agentboard.cli.active",
    "claim": "agentboard.cli.claim",
    "comment": "agentboard.cli.comment",
    "handoff": "agentboard.cli.handoff",
    "readback": "agentboard.cli.handoff",
    "block": "agentboard.cli.block",
    "unblock": "agentboard.cli.block",
    "log": "agentboard.cli.log",
    "submit": "agentboard.cli.submit",
    "review": "agentboard.cli.review",
    "reviews": "agentboard.cli.reviews",
    "tasks": "agentboard.cli.tasks",
    "show": "agentboard.cli.show",
    "brief": "agentboard.cli.brief",
    "create": "agentboard.cli.create",
    "edit": "agentboard.cli.edit",
    "cancel": "agentboard.cli.closing",
    "reopen": "agentboard.cli.closing",
    "release": "agentboard.cli.closing",
    "override": "agentboard.cli.closing",
    "amend": "agentboard.cli.amend",
    "inbox": "agentboard.cli.inbox",
    "channels": "agentboard.cli.channels",
    "messages": "agentboard.cli.channels",
    "post": "agentboard.cli.channels",
    "events": "agentboard.cli.events",
    "agents": "agentboard.cli.agents",
    "digest": "agentboard.cli.digest",
    "stats": "agentboard.cli.stats",
    "capabilities": "agentboard.cli.capabilities",
    "simulate": "agentboard.cli.simulate.command",
    "up": "agentboard.cli.operate.up",
    "web": "agentboard.cli.operate.web",
    "scheduler": "agentboard.cli.operate.scheduler",
    "migrate": "agentboard.cli.operate.migrate",
    "tokens": "agentboard.cli.operate.tokens",
    "sign-in": "agentboard.cli.operate.sign_in",
    "import": "agentboard.cli.operate.taking",
    "export": "agentboard.cli.operate.export",
    "demo": "agentboard.cli.operate.demo",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 bad input, 3 refused, 4 nothing to do, 5 unreachable."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = _parser(arguments)
    if not arguments:
        parser.print_help()
        return 0
    options = parser.parse_args(arguments)
    code: int = options.run(options)
    return code


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="agentboard",
        description="The task board for AI agents: its operator's commands, and an agent's.",
        epilog="Exit codes: 0 done, 2 bad input, 3 refused, 4 nothing to do, 5 unreachable.",
        allow_abbrev=False,
    )
    subparsers = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=intermixed.Parser
    )
    for module in _modules(arguments):
        importlib.import_module(module).add_parser(subparsers)
    return parser


def _modules(arguments: Sequence[str]) -> list[str]:
    """The one module that is needed; all of them when help or a refusal has to name every command."""
    named = arguments[0] if arguments else None
    return [COMMANDS[named]] if named in COMMANDS else list(dict.fromkeys(COMMANDS.values()))


if __name__ == "__main__":
    sys.exit(main())
