# Three stages: one builds, one makes what pages show of others, and a small one runs. The Swift runtime is linked in, C libraries are Debian's.

FROM swift:6.3-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libpq-dev libcurl4-openssl-dev libssl-dev libcairo2-dev libpango1.0-dev libfontconfig-dev libargon2-dev \
      zlib1g-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# The packages first: they change seldom, and this layer is then kept.
COPY Package.swift ./
RUN swift package resolve
COPY Sources ./Sources
COPY Tests ./Tests
RUN swift build -c release --product drizzl --static-swift-stdlib \
 && install -D "$(swift build -c release --product drizzl --static-swift-stdlib --show-bin-path)/drizzl" /out/drizzl

# The typeface and the icons of the pages, made from packages.
FROM debian:12-slim AS vendor
WORKDIR /build
COPY scripts ./scripts
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3-venv ca-certificates \
 && python3 -m venv /venv \
 && /venv/bin/pip install --quiet --require-hashes --no-deps --only-binary :all: -r scripts/requirements.txt \
 && scripts/vendor /venv/bin/python

FROM debian:12-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libstdc++6 libpq5 libcurl4 libssl3 libcairo2 libpango-1.0-0 libpangocairo-1.0-0 libfontconfig1 libargon2-1 \
      zlib1g \
      john-data fonts-inter graphviz \
      tzdata ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --home-dir /app --shell /usr/sbin/nologin drizzl
WORKDIR /app
COPY --from=build /out/drizzl /usr/local/bin/drizzl
# What the program reads; see the tree in README.md.
COPY workflows ./workflows
COPY templates ./templates
COPY public ./public
COPY --from=vendor /build/public/vendor ./public/vendor
COPY migrations ./migrations
COPY seeds ./seeds
USER drizzl
# A container has no loopback that others can reach, so it listens everywhere; put TLS in front.
# Fontconfig keeps a cache, and the program's user owns no home.
ENV DRIZZL_HOST=0.0.0.0 DRIZZL_PORT=8080 XDG_CACHE_HOME=/tmp
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD curl --fail --silent --show-error --output /dev/null "http://127.0.0.1:${DRIZZL_PORT}/healthz"
ENTRYPOINT ["drizzl"]
# One role per container: serve, work, schedule or migrate. DATABASE_URL has to be set; `up` would want a PostgreSQL
# in the container for its private cluster, and there is none.
CMD ["serve"]
