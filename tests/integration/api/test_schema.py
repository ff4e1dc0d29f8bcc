"""The API keeps to its own description, whatever is sent: schemathesis asks, bounded and with a fixed seed."""

import subprocess
import sys
from pathlib import Path

from tests.builders.served import Served

CONFIG = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 15
PHASES = "examples,coverage,fuzzing"


def test_schemathesis_finds_nothing(served: Served, tmp_path: Path) -> None:
    key = served.ask.headers["Authorization"]
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(CONFIG)]
    bounds = ["--max-examples", str(EXAMPLES), "--seed", "3", "--phases", PHASES, "--no-color"]

    ran = subprocess.run(
        [*command, "run", f"{served.url}/openapi.json", "-H", f"Authorization: {key}", *bounds],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=tmp_path,
    )

    assert ran.returncode == 0, ran.stdout[-6_000:] + ran.stderr[-2_000:]
    assert "Tested: 9" in ran.stdout


def test_the_description_is_complete(served: Served) -> None:
    document = served.ask.get("/openapi.json").json()

    operations = {(path, method): each for path, ways in document["paths"].items() for method, each in ways.items()}

    watching = {path for path, _ in operations if not path.startswith("/v1/")}
    assert watching == {"/healthz", "/readyz", "/metrics"}
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for (path, method), each in operations.items():
        assert each["summary"], (path, method)
        assert "500" in each["responses"], (path, method)
        if path.startswith("/v1/"):
            assert each["security"] == [{"key": []}], (path, method)
            assert {"401", "403", "429", "503"} <= set(each["responses"]), (path, method)
        for status, answer in each["responses"].items():
            if int(status) >= 400 and (path, status) != ("/readyz", "503"):
                assert list(answer["content"]) == ["application/problem+json"], (path, method, status)


def test_nothing_is_loaded_from_elsewhere(served: Served) -> None:
    pages = [served.ask.get(path) for path in ("/docs", "/redoc", "/")]

    assert [page.status_code for page in pages] == [404, 404, 404]
