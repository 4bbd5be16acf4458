# The example application, with narthex from these sources.
#   docker build -t app:metrics .
#   docker run -d --net=host --name=app-metrics app:metrics
#   curl localhost:8000/metrics
# With --net=host it listens on port 8000 of the machine itself, on all its addresses; -e HOST=127.0.0.1 or -e PORT=8080
# makes that narrower, or another port. Without Docker, `buildah build --format docker -t app:metrics .` builds the same
# image: the OCI format knows no health checks.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
# Where npm finds its packages, if not at its usual place: --build-arg NPM_CONFIG_REGISTRY=…
ARG NPM_CONFIG_REGISTRY
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig*.json ./
COPY scripts scripts
COPY src src
COPY examples examples
RUN npm run build && npm run build:examples
# What runs needs Express, in the version of the lock file, and nothing else of what was installed.
RUN npm pkg set "dependencies.express=$(npm pkg get devDependencies.express | tr -d '"')" \
 && npm pkg delete devDependencies \
 && npm prune --ignore-scripts

FROM ${NODE_IMAGE}
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/dist-examples/app dist-examples/app
# Inside of a container, 127.0.0.1 would be for itself only.
ENV HOST=0.0.0.0 PORT=8000 NODE_ENV=production
EXPOSE 8000
# The user `node` of the official images, by its number: so Kubernetes sees that it is not root.
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/metrics`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist-examples/app/server.js"]
