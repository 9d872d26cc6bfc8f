"""The operator's commands: the only part of the command line that knows Django, which each imports when it runs."""
