import createClient from "openapi-fetch";
import type { paths } from "../../api/schema";
import { ApiError, errorFromAnswer, unreachable } from "./api-error";
import { behindGate, saysSessionEnded } from "./session-gate";

/** Only Vitrine's own page can send it, so that another site cannot change anything in somebody's name. */
export const PAGE_HEADER = { "X-Vitrine": "1" } as const;

/** What works without a session: signing in, and whether the server is there. */
const OPEN_TO_ALL = /^\/api\/v1\/(auth\/|health$)/;

async function send(request: Request): Promise<Response> {
  if (OPEN_TO_ALL.test(new URL(request.url).pathname)) {
    return globalThis.fetch(request);
  }
  const attempt = async () => {
    // A copy, because a body can be sent only once.
    const result = await globalThis.fetch(request.clone());
    return { result, sessionEnded: await endedBy(result) };
  };
  return behindGate(attempt, request.signal);
}

async function endedBy(response: Response): Promise<boolean> {
  if (response.status !== 401) {
    return false;
  }
  const body = await response
    .clone()
    .json()
    .catch(() => null);
  return saysSessionEnded(response.status, body);
}

/** Typed by the server's OpenAPI file. `fetch` is looked up at each call, so that tests can replace it. */
export const client = createClient<paths, "application/json">({
  baseUrl: window.location.origin,
  headers: PAGE_HEADER,
  fetch: send,
});

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or an `ApiError` thrown. */
export async function unwrap<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>;
  try {
    answer = await call;
  } catch (error) {
    // Aborted by us: not a failure that anybody should read about.
    if (error instanceof DOMException && error.name === "AbortError") {
      throw error;
    }
    throw error instanceof ApiError ? error : unreachable();
  }
  if (!answer.response.ok) {
    const retryAfter = answer.response.headers.get("Retry-After");
    throw errorFromAnswer(answer.response.status, answer.error, retryAfter);
  }
  return answer.data as Data;
}
