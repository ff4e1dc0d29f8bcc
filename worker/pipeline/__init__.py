"""The steps in order: read, decide, file. The command line and the queue workers run the same functions."""
