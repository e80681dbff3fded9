import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isLoopback } from "../fly/address";
import { GithubError } from "./error";

/** Where a file is, and who asks. */
export interface FileRequest {
  /** Address of the REST API, without trailing slash. */
  readonly restUrl: string;
  /** Below it, with leading slash. */
  readonly path: string;
  readonly token: string;
  readonly userAgent: string;
  readonly signal?: AbortSignal;
}

/**
 * Writes a file of GitHub's to `target` as it comes, and returns the SHA-256 of its bytes in hexadecimal digits.
 *
 * @throws GithubError
 */
export async function download(request: FileRequest, target: string): Promise<string> {
  const { path } = request;
  const body = await open(request, "application/octet-stream");
  const hash = createHash("sha256");
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(body), counting, createWriteStream(target));
  } catch (error) {
    throw cut(path, error);
  }
  return hash.digest("hex");
}

/** The text of a file of GitHub's, which touches no disk. @throws GithubError */
export async function readText(request: FileRequest): Promise<string> {
  const body = await open(request, "application/vnd.github+json");
  return new Response(body).text().catch((error: unknown) => {
    throw cut(request.path, error);
  });
}

/** The bytes of a file. GitHub may send to another host: that is followed once, and the token stays here. @throws GithubError */
async function open(request: FileRequest, accept: string): Promise<ReadableStream<Uint8Array>> {
  const { restUrl, path, token, userAgent } = request;
  const own = { authorization: `Bearer ${token}`, accept, "user-agent": userAgent };
  let answer = await ask(request, `${restUrl}${path}`, own);
  const next = answer.headers.get("location");
  if (answer.status >= 300 && answer.status < 400 && next !== null) {
    await answer.body?.cancel();
    const url = new URL(next, restUrl);
    if (url.protocol !== "https:" && !isLoopback(url.href)) throw failed(path, "it sends to an address without TLS");
    answer = await ask(request, url.href, { "user-agent": userAgent });
  }
  if (!answer.ok || !answer.body) throw failed(path, "no file came", answer.status);
  return answer.body;
}

const cut = (path: string, error: unknown): GithubError =>
  failed(path, `the file came in part only: ${error instanceof Error ? error.message : String(error)}`);

async function ask({ path, signal }: FileRequest, url: string, headers: Record<string, string>): Promise<Response> {
  try {
    return await fetch(url, { headers, redirect: "manual", ...(signal && { signal }) });
  } catch (error) {
    throw failed(path, error instanceof Error ? error.message : String(error));
  }
}

const failed = (path: string, githubMessage: string, status?: number): GithubError =>
  new GithubError({
    kind:
      status === 404 || status === 410 ? "not-found" : status === 403 || status === 401 ? "forbidden" : "unreachable",
    method: "GET",
    path,
    githubMessage,
    ...(status !== undefined && { status }),
  });
