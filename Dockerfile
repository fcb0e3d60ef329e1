# syntax=docker/dockerfile:1
FROM swift:6.3.3-noble AS build
# Versions of Debian's and Ubuntu's packages leave their archives with each update, so pinning them breaks the build.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libcrypt-dev libsqlite3-dev zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
ARG REVISION=unknown
ENV REVISION=${REVISION}
RUN --mount=type=cache,target=/source/.build,sharing=locked \
    swift build -c release --product pairs-exporter --static-swift-stdlib -Xlinker -s \
    && mkdir -p /product/data \
    && cp "$(swift build -c release --show-bin-path)/pairs-exporter" /usr/libexec/swift/linux/swift-backtrace-static /product/

FROM ubuntu:24.04
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libcrypt1 libsqlite3-0 xz-utils zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --no-create-home --uid 10200 pairs
COPY --from=build /product/pairs-exporter /product/swift-backtrace-static /usr/local/bin/
COPY --from=build --chown=10200:10200 /product/data /data
ENV SWIFT_BACKTRACE=enable=yes,sanitize=yes,threads=all,images=all,interactive=no,swift-backtrace=/usr/local/bin/swift-backtrace-static
USER 10200:10200
WORKDIR /
VOLUME /data
EXPOSE 10200
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["pairs-exporter", "healthcheck"]
ENTRYPOINT ["pairs-exporter"]
CMD ["serve"]
