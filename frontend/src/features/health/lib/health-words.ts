import type { Health } from "../../../shared/api/types";

export interface HealthWords {
  tone: "ok" | "busy" | "bad";
  text: string;
  detail: string;
}

/** The server's state in two or three words, and in a sentence that says what to do. */
export function healthWords(health: Health | undefined, failed: boolean): HealthWords {
  if (failed) {
    return {
      tone: "bad",
      text: "Server not reachable",
      detail: "The Vitrine server does not answer. Check that it is still running.",
    };
  }
  if (!health) {
    return { tone: "busy", text: "Connecting", detail: "Asking the server for its state." };
  }
  const models = health.active_models === 1 ? "1 model" : `${health.active_models} models`;
  const facts = `Vitrine ${health.version}, database ${health.database}, ${models} active.`;
  if (health.status === "starting") {
    return {
      tone: "busy",
      text: "Model loading",
      detail: `${facts} Predictions wait until it is there.`,
    };
  }
  if (health.status === "degraded") {
    const what = health.active_models === 0 ? "No model" : "Predictions unavailable";
    return {
      tone: "bad",
      text: what,
      detail: `${facts} Predictions are not possible; see the server's log.`,
    };
  }
  return { tone: "ok", text: `Ready, ${models}`, detail: facts };
}
