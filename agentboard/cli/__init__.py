"""The `agentboard` command: a thin client of the HTTP API; no Django here except in `operate`."""
