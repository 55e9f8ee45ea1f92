# Two images: `product` (the last stage) is API and worker; `--target simulator` is the simulated gateway with the demonstration's keys.
# A digest of the official image; an update tool for images keeps it new.
ARG NODE_IMAGE=node:22.22-bookworm-slim@sha256:e21fc383b50d5347dc7a9f1cae45b8f4e2f0d39f7ade28e4eef7d2934522b752
FROM $NODE_IMAGE AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY web ./web
COPY docs/runbook ./docs/runbook
COPY simulator ./simulator
COPY scripts ./scripts
RUN npm run build \
 && npm prune --omit=dev \
 # The Temporal core ships a binary for every platform: keep this one.
 && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 -type d ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} + \
 && mkdir -p /app/data /app/keys

FROM $NODE_IMAGE AS base
# The Temporal core needs root certificates even without TLS.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build --chown=node:node /app/keys ./keys
USER node

FROM base AS simulator
COPY --from=build /app/dist/simulator ./dist/simulator
COPY --from=build /app/dist/scripts/demo-keys.js ./dist/scripts/
COPY --from=build --chown=node:node /app/data ./data
CMD ["node", "--enable-source-maps", "dist/simulator/main.js"]

FROM base AS product
COPY --from=build /app/dist/src ./dist/src
COPY --from=build /app/dist/web ./dist/web
COPY --from=build /app/dist/docs/runbook ./dist/docs/runbook
# What makes its keys: `docker run IMAGE node dist/scripts/keys.js`.
COPY --from=build /app/dist/scripts/keys.js /app/dist/scripts/demo-keys.js /app/dist/scripts/project.js ./dist/scripts/
CMD ["node", "--enable-source-maps", "dist/src/server.js"]
