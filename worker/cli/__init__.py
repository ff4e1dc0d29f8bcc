"""The command `pigeonhole`: one file per command, nothing decided here."""
