import { textOf, trackedFiles } from "./tree";

/** Every folder at the top is a room; these are the ones that a reader of the map need not know. */
const unlisted = new Set([".ci"]);

describe("the map", () => {
  const rooms = [
    ...new Set(
      trackedFiles()
        .filter((path) => path.includes("/"))
        .map((path) => path.slice(0, path.indexOf("/"))),
    ),
  ].filter((room) => !unlisted.has(room));

  test.each(rooms)("ARCHITECTURE.md says what %s/ is for", (room) => {
    expect(textOf("ARCHITECTURE.md")).toContain(`\`${room}/`);
  });

  test("each room of the provider, the client and the sandbox is named in ARCHITECTURE.md", () => {
    const nested = trackedFiles().flatMap(
      (path) => /^((?:provider|api|sandbox|constructs)\/[a-z-]+)\//.exec(path)?.[1] ?? [],
    );
    const missing = [...new Set(nested)].filter((room) => !textOf("ARCHITECTURE.md").includes(`\`${room}/`));
    expect(missing).toEqual([]);
  });
});

describe("what no file may hold", () => {
  const hosts = [
    "registry.npmjs" + ".org",
    "pypi" + ".org",
    "proxy.golang" + ".org",
    "crates" + ".io",
    "repo.maven" + ".apache",
  ];
  const paths = /(^|[^A-Za-z0-9_.])\/(work|farm|root|home\/[a-z]+)\//;

  test("no package registry is named and no path of one machine", () => {
    const found = trackedFiles()
      .filter((path) => !path.endsWith("package-lock.json") && path !== "test/house/room.test.ts")
      .filter((path) => hosts.some((host) => textOf(path).includes(host)) || paths.test(textOf(path)));
    expect(found).toEqual([]);
  });

  test("the lock file names no download address", () => {
    expect(textOf("package-lock.json")).not.toContain('"resolved": "http');
  });
});
