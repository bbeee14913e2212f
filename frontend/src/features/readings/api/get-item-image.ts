import { queryOptions, skipToken, useQuery } from "@tanstack/react-query";
import { ApiError, errorFromAnswer, unreachable } from "../../../shared/api/api-error";
import { PAGE_HEADER } from "../../../shared/api/client";
import { behindGate, saysSessionEnded } from "../../../shared/api/session-gate";

/** Without observers for so long, and the decoded image goes: they are large, and a reader sees hundreds. */
const KEPT_MILLISECONDS = 30_000;

/** As other addresses in answers of the server: below its own. */
const API = "/api/v1";

async function getItemImage(address: string, signal: AbortSignal): Promise<ImageBitmap> {
  const whole = address.startsWith(`${API}/`) ? address : `${API}${address}`;
  const response = await behindGate(async () => {
    const result = await fetch(new URL(whole, window.location.origin), {
      headers: PAGE_HEADER,
      signal,
    }).catch((error: unknown) => {
      throw signal.aborted ? error : unreachable();
    });
    const body = result.status === 401 ? await bodyOf(result.clone()) : null;
    return { result, sessionEnded: saysSessionEnded(result.status, body) };
  }, signal);
  if (!response.ok) {
    const retryAfter = response.headers.get("Retry-After");
    throw errorFromAnswer(response.status, await bodyOf(response), retryAfter);
  }
  try {
    return await createImageBitmap(await response.blob());
  } catch {
    const detail = "The browser cannot decode this image; it may be too large for this computer.";
    throw new ApiError(0, "undecodable_image", detail);
  }
}

function bodyOf(response: Response): Promise<unknown> {
  return response.json().catch(() => null);
}

function itemImageOptions(address: string | null) {
  return queryOptions({
    queryKey: ["item-image", address] as const,
    queryFn: address === null ? skipToken : ({ signal }) => getItemImage(address, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MILLISECONDS,
    structuralSharing: false,
  });
}

/** Fetched and decoded. Called for the item after this one as well, it is there when it is needed. */
export function useItemImage(address: string | null) {
  return useQuery(itemImageOptions(address));
}
