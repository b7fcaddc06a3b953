# What was tried: built with buildah (rootless, no daemon) and run as uid 10001 (init, check, demo, run, SIGTERM), on a Debian 12 with
# Python 3.11 standing in for the base image, because no image registry could be reached where this was written. Not tried: Docker
# itself, and the base image named here. tests/unit/test_deploy.py checks what it copies and runs.
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/canhbao
COPY requirements.lock ./
RUN /opt/canhbao/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md CHANGELOG.md LICENSE ./
COPY config config
COPY storage storage
COPY crawler crawler
RUN /opt/canhbao/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim-bookworm
RUN useradd --uid 10001 --create-home --home-dir /var/lib/canhbao --shell /usr/sbin/nologin canhbao
COPY --from=build /opt/canhbao /opt/canhbao
ENV PATH=/opt/canhbao/bin:$PATH \
    CANHBAO_CONFIG=/etc/canhbao/canhbao.yaml \
    CANHBAO_LOG_FORMAT=json \
    PYTHONUNBUFFERED=1
USER 10001
WORKDIR /var/lib/canhbao
VOLUME /var/lib/canhbao
STOPSIGNAL SIGTERM
# Fails when a source or a message is overdue: a daemon that is alive but does nothing is ill.
HEALTHCHECK --interval=5m --timeout=30s --start-period=2m --retries=3 \
    CMD canhbao stats --fail-if-late --json || exit 1
ENTRYPOINT ["canhbao"]
CMD ["run"]
