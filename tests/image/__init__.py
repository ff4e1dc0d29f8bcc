"""`make image-check`: the Dockerfile's own steps, run in a bare Debian instead of a Docker engine."""
