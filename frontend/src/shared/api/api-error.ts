/** Every failed request, in one form that says what to do. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status; 0 when no answer came at all. */
  readonly status: number;
  /** Stable code for programs, such as `model_starting`. */
  readonly code: string;
  /** From `Retry-After`, in seconds. */
  readonly retryAfter: number | null;

  constructor(status: number, code: string, detail: string, retryAfter: number | null = null) {
    super(detail);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

const UNREACHABLE =
  "The Vitrine server does not answer. Check that it is still running, then try again.";

export function unreachable(): ApiError {
  return new ApiError(0, "unreachable", UNREACHABLE);
}

/** From the body and headers of an answer that is not 2xx. Also copes with a proxy's HTML. */
export function errorFromAnswer(
  status: number,
  body: unknown,
  retryAfterHeader: string | null,
): ApiError {
  const seconds = Number(retryAfterHeader ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? Math.max(0, seconds) : null;
  if (isErrorBody(body)) {
    return new ApiError(status, body.error, body.detail, retryAfter);
  }
  // 502 and 504 come from a proxy (Vite's in development) in front of a server that is not there.
  if (status === 502 || status === 504) {
    return new ApiError(0, "unreachable", UNREACHABLE, retryAfter);
  }
  const detail = `The server answered with an unexpected error (HTTP ${status}). Try again; if it stays, look into the server's log.`;
  return new ApiError(status, "unexpected_answer", detail, retryAfter);
}

function isErrorBody(body: unknown): body is { error: string; detail: string } {
  return (
    typeof body === "object" &&
    body !== null &&
    "error" in body &&
    typeof body.error === "string" &&
    "detail" in body &&
    typeof body.detail === "string"
  );
}

/** A sentence for people, whatever was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof Error && error.message) {
    return error.message;
  }
  return "Something went wrong. Reload the page; if it stays, look into the server's log.";
}

/** Whether asking again without a change can help: no answer, or the server is busy or starting. */
export function isTemporary(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 503);
}
