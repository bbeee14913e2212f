import { type ApiError, errorFromAnswer, unreachable } from "../../../shared/api/api-error";
import type { Case } from "../../../shared/api/types";

export interface UploadCall {
  file: File;
  /** Share of the file that has been sent, 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/**
 * Uploads an image as a new case. XMLHttpRequest, because `fetch` does not tell how much of a body has
 * been sent.
 */
export function createCase({ file, onProgress, signal }: UploadCall): Promise<Case> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/cases");
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) {
        onProgress(event.loaded / event.total);
      }
    };
    request.onload = () => {
      const body = parseJson(request.responseText);
      if (request.status === 201) {
        resolve(body as Case);
      } else {
        reject(errorFromAnswer(request.status, body, request.getResponseHeader("Retry-After")));
      }
    };
    request.onerror = () => reject(unreachable() satisfies ApiError);
    request.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
