import { Hono } from "hono";
import { type Clock, createClock } from "./clock";
import { type Control, controlRoutes, createControl } from "./control";
import { answerErrors, cutHeader, door } from "./door";
import { createFaults } from "./fault";
import { removeApp, resumeDelete } from "./fly/app";
import { resume } from "./fly/lifecycle";
import { flyRoutes } from "./fly/routes";
import { githubGraphqlRoutes } from "./github/graphql/route";
import { bareGithub, githubPaths } from "./github/host";
import { filePath, fileRoutes } from "./github/job-log";
import { githubRoutes } from "./github/routes";
import { emptyGithub } from "./github/state";
import { graphqlRoutes } from "./graphql/route";
import { createIds } from "./ids";
import { createJournal } from "./journal";
import { createLimiter } from "./limit";
import { listen } from "./listen";
import { metricsRoutes } from "./metrics";
import { applySeed, defaultSeed, type Seed } from "./seed";
import { emptyState, openStore } from "./store";
import { uiexRoutes } from "./uiex/routes";
import { createChanges, defaultTimings, type Env, type Timings, type World } from "./world";

export interface SandboxOptions {
  /** @default two organizations, `hotdash` and `other-org`, and a token of each kind */
  readonly seed?: Seed;
  /** Where the state is kept; absent: in memory only. */
  readonly stateFile?: string;
  /** `manual` stands still until it is advanced. @default "real" */
  readonly clock?: "real" | "manual" | Clock;
  /** Whether Fly's published rate limits are enforced. @default "fly" */
  readonly limits?: "fly" | "off";
  /** Same seed and same calls: same ids. */
  readonly idSeed?: string;
  /** Whether GitHub's answers carry an ETag, and 304 is one of them. @default false */
  readonly etag?: boolean;
  readonly timings?: Partial<Timings>;
}

/** A running local Fly. */
export interface Sandbox {
  /** Answers one request without a port. Rejects when a fault cuts the connection. */
  fetch(request: Request): Promise<Response>;
  /** Serves on 127.0.0.1; port 0 takes a free one. */
  listen(port?: number): Promise<{ url: string; close(): Promise<void> }>;
  readonly control: Control;
  /** Writes the state file and stops the clock. */
  close(): void;
}

/** Time at which a manual clock stands: 2026-01-01T00:00:00Z. */
const manualStart = Date.UTC(2026, 0, 1);

/** Makes a local Fly with its own state, clock and ids. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const world = createWorld(options);
  const app = new Hono<Env>();
  answerErrors(app);
  const control = createControl(world, {
    reset: () => reset(world, options.seed),
    routes: () => [...new Set(app.routes.filter(({ method }) => method !== "ALL").map((r) => `${r.method} ${r.path}`))],
  });
  app.route("/_sandbox", controlRoutes(control));
  app.use("*", door(world));
  app.route("/v1", flyRoutes(world));
  app.route("/graphql", graphqlRoutes(world));
  app.route("/api/v1", uiexRoutes(world));
  app.route("/prometheus", metricsRoutes(world));
  app.route(githubPaths.rest, githubRoutes(world));
  app.route(filePath, fileRoutes(world));
  app.route(githubPaths.graphql, githubGraphqlRoutes(world));
  const close = () => {
    world.store.flush();
    world.clock.close();
  };
  return {
    async fetch(request) {
      const response = await app.fetch(bareGithub(request));
      if (response.headers.has(cutHeader)) throw new TypeError("fetch failed: the connection was cut");
      return response;
    },
    listen: (port = 0) => listen(app, port),
    control,
    close,
  };
}

function createWorld(options: SandboxOptions): World {
  const { clock: wanted = "real", idSeed = "sandbox", limits = "fly", etag = false } = options;
  const clock =
    typeof wanted === "object" ? wanted : createClock(wanted === "manual" ? { manualFrom: manualStart } : {});
  const store = openStore(options.stateFile);
  const world: World = {
    store,
    clock,
    ids: createIds(idSeed, clock.now, store.state),
    timings: { ...defaultTimings, ...options.timings },
    limiter: createLimiter(clock, limits),
    faults: createFaults(),
    journal: createJournal(),
    changes: createChanges(),
    mode: { readOnly: false, etag },
  };
  applySeed(world, options.seed ?? defaultSeed);
  for (const app of store.state.apps.values()) {
    for (const machine of app.machines.values()) resume({ world, app, machine });
    resumeDelete(world, app);
  }
  return world;
}

/** Back to the seed: nothing else is left, faults and journal included. Ids go on. */
function reset(world: World, seed: Seed = defaultSeed): void {
  const { state, secretValues } = world.store;
  for (const app of [...state.apps.values()]) removeApp(world, app);
  Object.assign(state, {
    ...emptyState(),
    sequence: state.sequence,
    github: Object.assign(state.github, emptyGithub()),
  });
  secretValues.clear();
  world.faults.set([]);
  world.journal.clear();
  world.limiter.reset();
  world.mode.readOnly = false;
  applySeed(world, seed);
}
