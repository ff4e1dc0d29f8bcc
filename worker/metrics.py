"""Metrics of one worker process: seconds by step and what became of tasks, for Prometheus."""

import contextlib
from collections.abc import Iterator

from prometheus_client import Counter, Histogram, start_http_server

#: Seconds that a task took, by its step.
STEP_SECONDS = Histogram(
    "pigeonhole_step_seconds",
    "Seconds that a task took.",
    ["step"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300),
)
#: Tasks that came to no result: failed (tried again), put_off (the surroundings were in trouble), given_up (parked).
TROUBLE = Counter("pigeonhole_task_trouble_total", "Tasks that came to no result.", ["step", "kind"])


@contextlib.contextmanager
def serve_metrics(host: str, port: int | None) -> Iterator[None]:
    """GET http://<host>:<port>/metrics for the length of the block; not at all without a port."""
    if port is None:
        yield
        return
    server, thread = start_http_server(port, addr=host)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
