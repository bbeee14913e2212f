/** Filters of the trail, as they stand in the page's address and as the server wants them. */

export interface AuditFilters {
  actor: string;
  action: string;
  subject: string;
  /** Days, 2026-11-21; both included. Empty: no bound. */
  since: string;
  until: string;
}

const NAMES = ["actor", "action", "subject", "since", "until"] as const;

export function readFilters(address: URLSearchParams): AuditFilters {
  const [actor, action, subject, since, until] = NAMES.map((name) => address.get(name) ?? "");
  return {
    actor: actor ?? "",
    action: action ?? "",
    subject: subject ?? "",
    since: asDay(since ?? ""),
    until: asDay(until ?? ""),
  };
}

export function writeFilters(filters: AuditFilters): URLSearchParams {
  const set = NAMES.map((name) => [name, filters[name].trim()] as const);
  return new URLSearchParams(set.filter(([, value]) => value !== "").map(([...pair]) => pair));
}

/** What is empty is left away; days become moments, in the time of whoever looks. */
export function asQuery(filters: AuditFilters): Record<string, string> {
  const { actor, action, subject, since, until } = filters;
  return {
    ...(actor && { actor }),
    ...(action && { action }),
    ...(subject && { subject }),
    ...(since && { since: midnight(since, 0) }),
    // "Until" a day means that day as well.
    ...(until && { until: midnight(until, 1) }),
  };
}

function asDay(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : "";
}

function midnight(day: string, daysLater: number): string {
  const moment = new Date(`${day}T00:00:00`);
  moment.setDate(moment.getDate() + daysLater);
  return moment.toISOString();
}

export function exportAddress(filters: AuditFilters, format: "csv" | "jsonl"): string {
  const query = new URLSearchParams({ format, ...asQuery(filters) });
  return `/api/v1/audit-events/export?${query}`;
}
