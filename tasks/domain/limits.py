"""Limits: how long a text and how many of a thing the board takes, the same at every door."""

TITLE = 300
DESCRIPTION = 100_000
CRITERION = 2000
CRITERIA = 100
LABEL = 100
LABELS = 50
EXTERNAL_ID = 200
DEPENDENCIES = 500
# Of a task as it is blocked.
OBSTACLES = 100
ROLE = 60
WIP = 1000
COMMENT = 20_000
HANDOFF = 10_000
BLOCK = 5000
REASON = 2000
SUMMARY = 20_000
NOTE = 10_000  # evidence, caveats, and what a reviewer says
ARTIFACTS = 50
ARTIFACT_LABEL = 200
ADDRESS = 2000
SKILL = 60
SKILLS_NEEDED = 20
SKILLS_HAD = 200
