# Pigeonhole alone: no compiler, no tests, no root. The same scripts and lock as `make demo` and `make test`.
# `make image-check` runs these steps without Docker. docs/operations.md says how it is run.
#
#   docker build -t pigeonhole .
#   docker run --rm -v "$PWD:/work" -u "$(id -u):$(id -g)" pigeonhole process samples/scans --requests samples/requests.csv --out out
#   docker run -d --name mailroom -p 127.0.0.1:8080:8080 -v mailroom:/var/lib/pigeonhole --shm-size 1g --init pigeonhole

FROM debian:bookworm-slim AS base
WORKDIR /opt/pigeonhole
COPY scripts/ scripts/
RUN scripts/install-system-packages && rm -rf /var/lib/apt/lists/*

FROM base AS build
COPY requirements.lock ./
RUN "$(scripts/find-python)" -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY pyproject.toml README.md ./
COPY worker/ worker/
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM base
COPY --from=build /opt/venv /opt/venv
RUN groupadd --system --gid 10001 pigeonhole \
    && useradd --system --create-home --uid 10001 --gid pigeonhole pigeonhole \
    && install -d -o pigeonhole -g pigeonhole -m 700 /var/lib/pigeonhole
# The root file system may be read-only: nothing is written but the volume, /tmp and /dev/shm.
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIGEONHOLE_HOME=/var/lib/pigeonhole
USER pigeonhole
WORKDIR /work
VOLUME /var/lib/pigeonhole
EXPOSE 8080
# For `serve` and `up`; compose.yaml has others for what serves no HTTP.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["pigeonhole"]
CMD ["up", "--host", "0.0.0.0"]
