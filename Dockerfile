# syntax=docker/dockerfile:1
#
#   docker build -t feedsvc .
#   docker run -p 8000:8000 feedsvc                                                         the sample articles
#   docker run -p 8000:8000 --read-only -v ./content:/content:ro feedsvc                    your own
#
# Ids, removals and old addresses are remembered across restarts where the catalog is kept in a volume:
#
#   docker run -p 8000:8000 --read-only -v ./content:/content:ro \
#     -v feedsvc:/data -e FEEDSVC_DATABASE=/data/catalog.sqlite -e FEEDSVC_BASE_URL=https://example.org/ feedsvc

FROM python:3.13-slim AS build
WORKDIR /build
RUN python -m venv --without-pip /opt/feedsvc
# What feedsvc stands on comes first: that layer stays while only feedsvc changes.
COPY pyproject.toml ./
RUN python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; print(*p['dependencies'], *p['optional-dependencies']['postgresql'], sep='\n')" \
      > requirements.txt \
    && pip --python /opt/feedsvc/bin/python install --no-cache-dir --requirement requirements.txt
COPY README.md LICENSE ./
COPY feedsvc feedsvc
RUN pip --python /opt/feedsvc/bin/python install --no-cache-dir --no-deps .

FROM python:3.13-slim
LABEL org.opencontainers.image.title="feedsvc" \
      org.opencontainers.image.description="Publishes a folder of articles as RSS, Atom and JSON feeds" \
      org.opencontainers.image.licenses="MIT"
ENV PATH="/opt/feedsvc/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# A new named volume takes its owner from here.
RUN install -d -o 10001 -g 10001 /data
COPY --from=build /opt/feedsvc /opt/feedsvc
COPY content /content
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# An empty ProxyHandler: a proxy that the container is told of must not be asked for 127.0.0.1.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-I", "-c", "import os, urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:' + os.environ.get('FEEDSVC_PORT', '8000') + '/healthz', timeout=4)"]
ENTRYPOINT ["feedsvc"]
CMD ["serve", "/content", "--host", "0.0.0.0"]
