/** People as the server would send them. Typed by the OpenAPI file, as in fixtures.ts. */

import type {
  Account,
  ApiToken,
  AuditEvent,
  Group,
  OwnSession,
  Permission,
  Person,
  SessionInfo,
  SignInOptions,
} from "../api/types";

export const ACCOUNT_ID = "a".repeat(32);
export const READER_ID = "b".repeat(32);
export const GROUP_ID = "c".repeat(32);
export const OTHER_GROUP_ID = "d".repeat(32);
export const PASSWORD = "correct-horse-battery-staple-42";

export const READER_PERMISSIONS: Permission[] = [
  "cases:read",
  "cases:write",
  "predictions:write",
  "interventions:write",
  "labels:write",
  "models:read",
  "studies:answer",
  "account",
];

export const ALL_PERMISSIONS: Permission[] = [
  ...READER_PERMISSIONS,
  "datasets:read",
  "labels:read",
  "datasets:write",
  "experiments:write",
  "concepts:write",
  "training:write",
  "models:activate",
  "studies:read",
  "studies:write",
  "audit:read",
  "people:read",
  "people:write",
];

export function makeAccount(overrides: Partial<Account> = {}): Account {
  return {
    id: ACCOUNT_ID,
    email: "anna@hospital.example",
    name: "Anna Weber",
    role: "administrator",
    groups: [{ id: GROUP_ID, name: "Dermatology" }],
    permissions: ALL_PERMISSIONS,
    must_change_password: false,
    has_password: true,
    method: "password",
    expires_at: "2026-11-21T21:00:00Z",
    idle_minutes: 60,
    ...overrides,
  };
}

export const READER: Account = makeAccount({
  id: READER_ID,
  email: "ben@hospital.example",
  name: "Ben Okafor",
  role: "reader",
  permissions: READER_PERMISSIONS,
});

export const COORDINATOR: Account = makeAccount({
  role: "coordinator",
  permissions: [
    ...READER_PERMISSIONS,
    "datasets:read",
    "labels:read",
    "studies:read",
    "studies:write",
  ],
});

export function makeSession(
  account: Account | null = makeAccount(),
  options: Partial<SignInOptions> = {},
): SessionInfo {
  return { account, sign_in: { single_sign_on: null, first_start: false, ...options } };
}

export function makePerson(overrides: Partial<Person> = {}): Person {
  return {
    id: ACCOUNT_ID,
    email: "anna@hospital.example",
    name: "Anna Weber",
    role: "administrator",
    status: "active",
    groups: [{ id: GROUP_ID, name: "Dermatology" }],
    single_sign_on: false,
    last_sign_in_at: "2026-11-21T09:00:00Z",
    created_at: "2026-11-01T09:00:00Z",
    ...overrides,
  };
}

export function makeGroup(overrides: Partial<Group> = {}): Group {
  return {
    id: GROUP_ID,
    name: "Dermatology",
    members: [{ id: ACCOUNT_ID, name: "Anna Weber" }],
    created_at: "2026-11-01T09:00:00Z",
    ...overrides,
  };
}

export function makeOwnSession(overrides: Partial<OwnSession> = {}): OwnSession {
  return {
    id: "1".repeat(32),
    current: true,
    method: "password",
    address: "10.0.0.7",
    browser: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    created_at: "2026-11-21T09:00:00Z",
    last_seen_at: "2026-11-21T09:30:00Z",
    expires_at: "2026-11-21T21:00:00Z",
    ...overrides,
  };
}

export function makeToken(overrides: Partial<ApiToken> = {}): ApiToken {
  return {
    id: "2".repeat(32),
    name: "Nightly export",
    scopes: ["cases:read"],
    created_at: "2026-11-01T09:00:00Z",
    expires_at: "2027-01-30T09:00:00Z",
    expired: false,
    last_used_at: null,
    ...overrides,
  };
}

export function makeAuditEvent(overrides: Partial<AuditEvent> = {}): AuditEvent {
  return {
    sequence: 7,
    at: "2026-11-21T09:30:00Z",
    actor: "anna@hospital.example",
    address: "10.0.0.7",
    request_id: "r-1",
    action: "case.changed",
    subject: "case/0123456789abcdef0123456789abcdef",
    before: { pseudonym: "Case 0123AB" },
    after: { pseudonym: "Patient 7" },
    hash: "ab".repeat(32),
    ...overrides,
  };
}
