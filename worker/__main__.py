"""`python -m worker` is the command `pigeonhole`."""

from worker.cli.main import main

main()
