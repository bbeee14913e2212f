import { setNonce } from "get-nonce";

/**
 * The server's policy only takes style elements with the nonce of this very answer. Components that add some (the
 * library's variables, the lock on scrolling behind dialogs) get it from here. Without a server in front there is none.
 */
export function readStyleNonce(): string | undefined {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  const nonce = meta?.nonce || meta?.getAttribute("nonce") || undefined;
  if (nonce) {
    setNonce(nonce);
  }
  return nonce;
}
