import { parseImage, pinImage, runsImage } from "./image";

const digest = `sha256:${"ab".repeat(32)}`;
const other = `sha256:${"cd".repeat(32)}`;

describe("image references", () => {
  it.each([
    ["nginx", { repository: "docker.io/library/nginx", tag: undefined, digest: undefined }],
    ["nginx:1.27", { repository: "docker.io/library/nginx", tag: "1.27", digest: undefined }],
    ["flyio/hellofly:latest", { repository: "docker.io/flyio/hellofly", tag: "latest", digest: undefined }],
    [
      "registry.fly.io/shop:deployment-01K82NTP6MKVJP3RM2VP3WQDZH",
      { repository: "registry.fly.io/shop", tag: "deployment-01K82NTP6MKVJP3RM2VP3WQDZH", digest: undefined },
    ],
    ["localhost:5000/a/b_c", { repository: "localhost:5000/a/b_c", tag: undefined, digest: undefined }],
    [`ghcr.io/a/b:1@${digest}`, { repository: "ghcr.io/a/b", tag: "1", digest }],
    [`docker-hub-mirror.fly.io/library/nginx@${digest}`, { repository: "docker.io/library/nginx", digest }],
  ])("takes %s apart", (text, parts) => {
    expect(parseImage(text)).toEqual(parts);
  });

  it.each(["", "Not An Image", "nginx:", "nginx@sha256:short", "/nginx", "nginx::1", "https://ghcr.io/a"])(
    "does not take %j",
    (text) => {
      expect(parseImage(text)).toBeUndefined();
    },
  );

  it.each([
    ["nginx", "nginx", {}, true],
    ["nginx", "docker.io/library/nginx:latest", {}, true],
    ["nginx:1", "nginx:2", {}, false],
    [`nginx@${digest}`, "nginx:1", { digest }, true],
    [`nginx@${digest}`, "nginx:1", { digest: other }, false],
    [`nginx:1@${digest}`, `nginx@${other}`, { digest: other }, false],
    ["nginx:1", `nginx@${digest}`, { tag: "1", digest }, true],
    ["nginx:1", undefined, {}, false],
  ])("compares wanted %s with %s", (wanted, configured, resolved, same) => {
    expect(runsImage(wanted, configured, resolved)).toBe(same);
  });

  it("pins a reference once", () => {
    expect(pinImage("nginx:1", digest)).toBe(`nginx:1@${digest}`);
    expect(pinImage(`nginx:1@${other}`, digest)).toBe(`nginx:1@${digest}`);
  });
});
