"""`python -m worker.cli`: the command, for where its script is not on the path."""

from worker.cli.main import main

main()
