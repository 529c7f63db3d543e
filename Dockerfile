# One image for web, worker and scheduler; docker-compose.yml says which command each of them runs.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

# Nobody's rights beyond the data directory.
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin easel \
    && install --directory --owner=easel --group=easel --mode=0700 /data

WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN pip install --require-hashes -r requirements/run.txt
COPY manage.py ./
COPY accounts accounts
COPY canvas canvas
COPY dashboard dashboard
COPY imports imports
COPY outcomes outcomes
COPY samples samples
COPY sandbox sandbox
COPY static static
COPY templates templates

USER easel
ENV EASEL_DATA_DIR=/data \
    EASEL_BIND=0.0.0.0
VOLUME /data
EXPOSE 8000

# Inside the container over plain http; /healthz alone is answered without a redirect to https.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': 'localhost'}), timeout=4)"]

CMD ["gunicorn", "--config", "dashboard/gunicorn.py", "dashboard.wsgi"]
