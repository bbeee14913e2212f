import createClient from "openapi-fetch";
import type { paths } from "../../api/schema";
import { errorFromAnswer, unreachable } from "./api-error";

/** Typed by the server's OpenAPI file. `fetch` is looked up at each call, so that tests can replace it. */
export const client = createClient<paths, "application/json">({
  baseUrl: window.location.origin,
  fetch: (request) => globalThis.fetch(request),
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
    throw unreachable();
  }
  if (!answer.response.ok) {
    const retryAfter = answer.response.headers.get("Retry-After");
    throw errorFromAnswer(answer.response.status, answer.error, retryAfter);
  }
  return answer.data as Data;
}
