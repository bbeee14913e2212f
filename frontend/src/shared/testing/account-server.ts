/** Accounts of the fixture server: signing in, one's own account, people, groups, sharing, the trail. */

import { HttpResponse, http } from "msw";
import type {
  AccountUpdate,
  ApiToken,
  ApiTokenCreate,
  AuditEvent,
  Group,
  GroupCreate,
  GroupUpdate,
  LinkAccept,
  LoginCreate,
  OwnSession,
  PasswordCreate,
  Person,
  PersonCreate,
  PersonUpdate,
  SessionInfo,
} from "../api/types";
import {
  makeAccount,
  makeAuditEvent,
  makeGroup,
  makeOwnSession,
  makePerson,
  makeSession,
  makeToken,
  PASSWORD,
} from "./account-fixtures";

interface AccountState {
  session: SessionInfo;
  /** Who signs in with the right password; null: whoever `session` had. */
  password: string;
  link: { token: string; purpose: "invitation" | "reset" } | null;
  ownSessions: OwnSession[];
  tokens: ApiToken[];
  people: Person[];
  groups: Group[];
  events: AuditEvent[];
  /** Addresses of requests for events, in order. */
  eventQueries: URLSearchParams[];
}

export const accounts: AccountState = {
  session: makeSession(),
  password: PASSWORD,
  link: null,
  ownSessions: [],
  tokens: [],
  people: [],
  groups: [],
  events: [],
  eventQueries: [],
};

/** Who comes in with the right password. */
let owner = makeAccount();

export function resetAccounts(): void {
  owner = makeAccount();
  Object.assign(accounts, {
    session: makeSession(owner),
    password: PASSWORD,
    link: null,
    ownSessions: [makeOwnSession(), makeOwnSession({ id: "3".repeat(32), current: false })],
    tokens: [makeToken()],
    people: [makePerson()],
    groups: [makeGroup()],
    events: [makeAuditEvent()],
    eventQueries: [],
  } satisfies AccountState);
}

export function signInAs(account: SessionInfo["account"]): void {
  if (account) {
    owner = account;
  }
  accounts.session = { ...accounts.session, account };
}

/** The server forgets the session, as after a long pause. */
export function endSession(): void {
  signInAs(null);
}

const API = "*/api/v1";

function refuse(status: number, error: string, detail: string) {
  return HttpResponse.json({ error, detail }, { status });
}

const notSignedIn = () => refuse(401, "not_signed_in", "Sign in first; the session has ended.");
const weak = () => refuse(400, "weak_password", "Choose a longer password.");
const gone = () => HttpResponse.json({ error: "not_found", detail: "Not there." }, { status: 404 });
const done = () => new HttpResponse(null, { status: 204 });

/** In front of everything but signing in: who is there, and does the page say that it is the page? */
function guard({ request }: { request: Request }) {
  const { pathname } = new URL(request.url);
  if (/\/api\/v1\/(auth\/|health$)/.test(pathname)) {
    return;
  }
  if (accounts.session.account === null) {
    return notSignedIn();
  }
  if (request.method !== "GET" && request.headers.get("X-Vitrine") !== "1") {
    return refuse(403, "header_missing", "The header X-Vitrine is missing.");
  }
}

async function logIn(request: Request) {
  const body = (await request.json()) as LoginCreate;
  if (body.password !== accounts.password || body.email !== owner.email) {
    return refuse(401, "sign_in_refused", "E-mail or password is wrong.");
  }
  signInAs(owner);
  return HttpResponse.json(accounts.session);
}

async function acceptLink(request: Request) {
  const body = (await request.json()) as LinkAccept;
  if (body.password === "passwordpassword") {
    return weak();
  }
  signInAs({ ...owner, name: body.name ?? owner.name });
  return HttpResponse.json(accounts.session);
}

async function changeAccount(request: Request) {
  const body = (await request.json()) as AccountUpdate;
  if (body.email && body.current_password !== accounts.password) {
    return refuse(400, "wrong_password", "The current password is not right.");
  }
  signInAs({ ...owner, name: body.name ?? owner.name, email: body.email ?? owner.email });
  return HttpResponse.json(accounts.session);
}

async function setPassword(request: Request) {
  const body = (await request.json()) as PasswordCreate;
  if (body.current_password !== accounts.password) {
    return refuse(400, "wrong_password", "The current password is not right; nothing was changed.");
  }
  accounts.password = body.new_password;
  signInAs({ ...owner, must_change_password: false });
  return done();
}

async function createToken(request: Request) {
  const body = (await request.json()) as ApiTokenCreate;
  const created = makeToken({ id: "9".repeat(32), name: body.name, scopes: body.scopes });
  accounts.tokens.unshift(created);
  return HttpResponse.json({ ...created, token: "vitrine_secret" }, { status: 201 });
}

const linkOf = (purpose: string) => ({
  purpose,
  path: "/welcome#token=t0ken",
  expires_at: "2026-11-28T09:00:00Z",
});

const groupsOf = (ids: readonly string[]) => accounts.groups.filter(({ id }) => ids.includes(id));

async function invite(request: Request) {
  const body = (await request.json()) as PersonCreate;
  if (accounts.people.some(({ email }) => email === body.email)) {
    return refuse(409, "email_taken", "Another account has this e-mail address.");
  }
  const { group_ids = [], ...rest } = body;
  const person = makePerson({
    ...rest,
    id: "e".repeat(32),
    status: "invited",
    groups: groupsOf(group_ids).map(({ id, name }) => ({ id, name })),
    last_sign_in_at: null,
  });
  accounts.people.push(person);
  return HttpResponse.json({ person, link: linkOf("invitation") }, { status: 201 });
}

async function changePerson(id: unknown, request: Request) {
  const { active, group_ids, name, email, role } = (await request.json()) as PersonUpdate;
  const found = accounts.people.find((person) => person.id === id);
  if (!found) {
    return gone();
  }
  if (active === false && found.role === "administrator") {
    return refuse(409, "last_administrator", "This is the last active administrator.");
  }
  Object.assign(found, {
    name: name ?? found.name,
    email: email ?? found.email,
    role: role ?? found.role,
    status: active == null ? found.status : active ? "active" : "deactivated",
    groups: group_ids
      ? groupsOf(group_ids).map((each) => ({ id: each.id, name: each.name }))
      : found.groups,
  });
  return HttpResponse.json(found);
}

function membersOf(ids: readonly string[]) {
  return accounts.people.filter(({ id }) => ids.includes(id)).map(({ id, name }) => ({ id, name }));
}

async function createGroup(request: Request) {
  const body = (await request.json()) as GroupCreate;
  const created = makeGroup({
    id: "f".repeat(32),
    name: body.name,
    members: membersOf(body.member_ids ?? []),
  });
  accounts.groups.push(created);
  return HttpResponse.json(created, { status: 201 });
}

async function changeGroup(id: unknown, request: Request) {
  const { name, member_ids } = (await request.json()) as GroupUpdate;
  const found = accounts.groups.find((group) => group.id === id);
  if (!found) {
    return gone();
  }
  found.name = name ?? found.name;
  found.members = member_ids ? membersOf(member_ids) : found.members;
  return HttpResponse.json(found);
}

function listEvents(request: Request) {
  const query = new URL(request.url).searchParams;
  accounts.eventQueries.push(query);
  const before = Number(query.get("before") ?? Number.POSITIVE_INFINITY);
  const limit = Number(query.get("limit") ?? 50);
  const action = query.get("action");
  const matching = accounts.events.filter((event) => !action || event.action === action);
  const rest = matching.filter(({ sequence }) => sequence < before);
  return HttpResponse.json({
    items: rest.slice(0, limit),
    next_before: rest.length > limit ? rest[limit - 1]?.sequence : null,
    total: matching.length,
    actions: [...new Set(accounts.events.map((event) => event.action))].sort(),
  });
}

export const accountHandlers = [
  http.all(`${API}/*`, guard),
  http.get(`${API}/auth/session`, () => HttpResponse.json(accounts.session)),
  http.post(`${API}/auth/login`, ({ request }) => logIn(request)),
  http.post(`${API}/auth/logout`, () => {
    signInAs(null);
    return done();
  }),
  http.post(`${API}/auth/links/inspect`, async ({ request }) => {
    const { token } = (await request.json()) as { token: string };
    return accounts.link?.token === token
      ? HttpResponse.json({
          purpose: accounts.link.purpose,
          email: owner.email,
          name: owner.name,
          expires_at: "2026-11-28T09:00:00Z",
        })
      : refuse(404, "link_invalid", "This link was used already or has run out.");
  }),
  http.post(`${API}/auth/links/accept`, ({ request }) => acceptLink(request)),
  http.patch(`${API}/account`, ({ request }) => changeAccount(request)),
  http.post(`${API}/account/password`, ({ request }) => setPassword(request)),
  http.get(`${API}/account/sessions`, () => HttpResponse.json({ items: accounts.ownSessions })),
  http.delete(`${API}/account/sessions`, () => {
    accounts.ownSessions = accounts.ownSessions.filter(({ current }) => current);
    return done();
  }),
  http.delete(`${API}/account/sessions/:id`, ({ params }) => {
    accounts.ownSessions = accounts.ownSessions.filter(({ id }) => id !== params.id);
    return done();
  }),
  http.get(`${API}/account/tokens`, () => HttpResponse.json({ items: accounts.tokens })),
  http.post(`${API}/account/tokens`, ({ request }) => createToken(request)),
  http.delete(`${API}/account/tokens/:id`, ({ params }) => {
    accounts.tokens = accounts.tokens.filter(({ id }) => id !== params.id);
    return done();
  }),
  http.get(`${API}/people`, () => HttpResponse.json({ items: accounts.people })),
  http.post(`${API}/people`, ({ request }) => invite(request)),
  http.patch(`${API}/people/:id`, ({ params, request }) => changePerson(params.id, request)),
  http.post(`${API}/people/:id/link`, () => HttpResponse.json(linkOf("reset"), { status: 201 })),
  http.get(`${API}/groups`, () => HttpResponse.json({ items: accounts.groups })),
  http.post(`${API}/groups`, ({ request }) => createGroup(request)),
  http.patch(`${API}/groups/:id`, ({ params, request }) => changeGroup(params.id, request)),
  http.delete(`${API}/groups/:id`, ({ params }) => {
    accounts.groups = accounts.groups.filter(({ id }) => id !== params.id);
    return done();
  }),
  http.get(`${API}/audit-events`, ({ request }) => listEvents(request)),
  http.get(`${API}/audit-events/verification`, () =>
    HttpResponse.json({ events: 12345, problems: [], unbroken: true }),
  ),
];
