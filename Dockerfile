# The worker alone: no compiler, no tests, no root. The same script and lock as `make demo` and `make test`.
#
#   docker build -t pigeonhole .
#   docker run --rm -v "$PWD:/work" -u "$(id -u):$(id -g)" pigeonhole process samples --requests samples/requests.csv --out out

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
RUN useradd --system --create-home --uid 10001 pigeonhole
USER pigeonhole
WORKDIR /work
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1
ENTRYPOINT ["pigeonhole"]
CMD ["--help"]
