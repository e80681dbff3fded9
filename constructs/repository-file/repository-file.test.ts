import { blobSha } from "./repository-file";

// Ids from `git hash-object --stdin`.
test.each([
  ["nothing", "", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"],
  ["plain text", "#!/bin/sh\n", "1a2485251c33a70432394c93fb89330ef214bfc9"],
  ["text of more bytes than characters", "é\n", "c6003325155f475bd7c87731607525dce73be9cf"],
])("%s has the id that git gives it", (_what, text, sha) => {
  expect(blobSha(text)).toBe(sha);
});
