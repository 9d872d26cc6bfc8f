"""The demo: a team with a day behind it, told as data, played through the domain, kept alive over HTTP."""
