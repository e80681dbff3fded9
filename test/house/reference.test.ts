import { generated } from "../../docs/generate";
import { textOf, trackedFiles } from "./tree";

describe("generated documentation", () => {
  const pages = generated();

  test.each([...pages.keys()])("%s is current (npm run generate)", (path) => {
    expect(textOf(path)).toBe(pages.get(path));
  });

  test("no reference page is left of a resource that is gone", () => {
    const stale = trackedFiles().filter((path) => path.startsWith("docs/reference/") && !pages.has(path));
    expect(stale).toEqual([]);
  });
});
