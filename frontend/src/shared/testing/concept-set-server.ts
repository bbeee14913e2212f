/** The concept sets of the fixture server: checked, made and revised. */

import { HttpResponse, http } from "msw";
import type {
  ConceptSet,
  ConceptSetCheckCreate,
  ConceptSetContent,
  ConceptSetCreate,
  OptionAgreement,
  Revision,
  RevisionCreate,
} from "../api/types";
import {
  listed,
  makeChange,
  makeConceptSet,
  makeContent,
  makeFirstRevision,
  makeRevision,
  promptsOf,
  SET_ID,
  YAML,
} from "./concept-set-fixtures";
import { MODEL_ID } from "./fixtures";

interface ConceptSetState {
  sets: ConceptSet[];
  /** Of all sets, oldest first. */
  revisions: Revision[];
  /** What a check finds wrong, and what could be better. */
  problems: string[];
  warnings: string[];
  /** What a YAML text says, whatever it is. */
  fromYaml: ConceptSetContent;
  /** Bodies of POST requests that make something, in order. */
  created: ConceptSetCreate[];
  revised: RevisionCreate[];
  agreement: OptionAgreement[];
}

const begin = (): ConceptSetState => ({
  sets: [makeConceptSet()],
  revisions: [makeFirstRevision(), makeRevision()],
  problems: [],
  warnings: [],
  fromYaml: makeContent({ title: "From a file" }),
  created: [],
  revised: [],
  agreement: [],
});

export const conceptSetState: ConceptSetState = begin();

export function resetConceptSets(): void {
  Object.assign(conceptSetState, begin());
}

const API = "*/api/v1";

const refuse = (status: number, error: string, detail: string) =>
  HttpResponse.json({ error, detail }, { status });

const find = (id: unknown) => conceptSetState.revisions.find((revision) => revision.id === id);

function newestOf(setId: unknown): Revision | undefined {
  return conceptSetState.revisions.findLast(({ concept_set_id }) => concept_set_id === setId);
}

/** Somebody else, or the page, saves. */
export function addRevision(content: ConceptSetContent, overrides: Partial<Revision> = {}) {
  const before = newestOf(SET_ID);
  const number = (before?.number ?? 0) + 1;
  if (before) {
    before.newest = false;
  }
  const revision = makeRevision({
    id: number.toString(16).padStart(32, "c"),
    number,
    digest: number.toString(16).padStart(64, "0"),
    parent_revision_id: before?.id ?? null,
    content,
    changes: differences(before?.content, content),
    models: [],
    ...overrides,
  });
  conceptSetState.revisions.push(revision);
  const set = conceptSetState.sets.find(({ id }) => id === revision.concept_set_id);
  if (set) {
    const { changes: _changes, ...summary } = listed(revision);
    Object.assign(set, { latest: summary, revisions: number, title: content.title });
  }
  return revision;
}

/** Not the server's own way of telling, but enough to see that something was told. */
function differences(before: ConceptSetContent | undefined, after: ConceptSetContent) {
  const wordsOf = (content: ConceptSetContent) =>
    new Map<string, string>(
      content.groups.flatMap((group) =>
        group.options.map((option) => [`${group.key}.${option.key}`, option.text] as const),
      ),
    );
  const [old, now] = [before ? wordsOf(before) : new Map<string, string>(), wordsOf(after)];
  const changes = [...new Set([...old.keys(), ...now.keys()])].flatMap((id) => {
    const [was, is] = [old.get(id), now.get(id)];
    if (was === is) {
      return [];
    }
    if (was === undefined) {
      return makeChange(`Option '${id}' was added (“${is}”).`, { kind: "added" });
    }
    return is === undefined
      ? makeChange(`Option '${id}' was removed (“${was}”).`, { kind: "removed" })
      : makeChange(`Option '${id}': text was “${was}”, now “${is}”.`);
  });
  const rest = ({ groups: _groups, ...others }: ConceptSetContent) => JSON.stringify(others);
  if (before && rest(before) !== rest(after)) {
    changes.push(makeChange("Something else changed.", { kind: "changed", part: "set" }));
  }
  return changes;
}

async function check(request: Request) {
  const body = (await request.json()) as ConceptSetCheckCreate;
  const { problems, warnings, fromYaml } = conceptSetState;
  if (problems.length > 0) {
    const nothing = { content: null, digest: null, prompts: null, warnings: null, changes: null };
    return HttpResponse.json({ problems, ...nothing });
  }
  const content = body.yaml ? fromYaml : (body.content as unknown as ConceptSetContent);
  const base = find(body.base_revision_id);
  return HttpResponse.json({
    problems,
    content,
    digest: "0".repeat(64),
    prompts: promptsOf(content),
    warnings,
    changes: base ? differences(base.content, content) : null,
  });
}

async function create(request: Request) {
  const body = (await request.json()) as ConceptSetCreate;
  const content = body.yaml
    ? conceptSetState.fromYaml
    : (body.content as unknown as ConceptSetContent);
  if (conceptSetState.sets.some(({ name }) => name === content.name)) {
    return refuse(409, "concept_set_name_taken", "There is a concept set with this name already.");
  }
  conceptSetState.created.push(body);
  const id = "e".repeat(32);
  conceptSetState.sets.push(
    makeConceptSet({ id, name: content.name, title: content.title, shipped: false, models: [] }),
  );
  const revision = addRevision(content, { concept_set_id: id, number: 1 });
  return HttpResponse.json(revision, { status: 201 });
}

async function revise(setId: unknown, request: Request) {
  const body = (await request.json()) as RevisionCreate;
  const newest = newestOf(setId);
  if (newest?.id !== body.parent_revision_id) {
    return refuse(
      409,
      "concept_set_revision_not_newest",
      "Another revision was saved meanwhile. Nothing was saved and nothing is lost.",
    );
  }
  conceptSetState.revised.push(body);
  const content = body.content as unknown as ConceptSetContent;
  return HttpResponse.json(addRevision(content, { reason: body.reason }), { status: 201 });
}

function list(setId: unknown, request: Request) {
  const query = new URL(request.url).searchParams;
  const offset = Number(query.get("offset") ?? 0);
  const all = conceptSetState.revisions
    .filter(({ concept_set_id }) => concept_set_id === setId)
    .toReversed()
    .map(listed);
  const items = all.slice(offset, offset + Number(query.get("limit") ?? 20));
  return HttpResponse.json({ items, total: all.length });
}

const noSet = () => refuse(404, "concept_set_not_found", "There is no concept set with this id.");
const noRevision = () =>
  refuse(404, "concept_set_revision_not_found", "There is no revision with this id.");

export const conceptSetHandlers = [
  http.get(`${API}/concept-sets`, () => HttpResponse.json({ items: conceptSetState.sets })),
  http.post(`${API}/concept-sets`, ({ request }) => create(request)),
  http.post(`${API}/concept-sets/check`, ({ request }) => check(request)),
  http.get(`${API}/concept-sets/:id`, ({ params }) => {
    const found = conceptSetState.sets.find(({ id }) => id === params.id);
    return found ? HttpResponse.json(found) : noSet();
  }),
  http.get(`${API}/concept-sets/:id/revisions`, ({ params, request }) => list(params.id, request)),
  http.post(`${API}/concept-sets/:id/revisions`, ({ params, request }) =>
    revise(params.id, request),
  ),
  http.get(`${API}/concept-set-revisions/:id`, ({ params }) => {
    const found = find(params.id);
    return found ? HttpResponse.json(found) : noRevision();
  }),
  http.get(
    `${API}/concept-set-revisions/:id/yaml`,
    () => new HttpResponse(YAML, { headers: { "Content-Type": "application/yaml" } }),
  ),
  http.get(`${API}/concept-set-revisions/:id/diff/:other`, ({ params }) => {
    const [before, after] = [find(params.id), find(params.other)];
    return before && after
      ? HttpResponse.json({ before, after, changes: differences(before.content, after.content) })
      : noRevision();
  }),
  http.get(`${API}/agreement/options`, ({ request }) =>
    HttpResponse.json({
      model_version_id: new URL(request.url).searchParams.get("model_version_id") ?? MODEL_ID,
      labels: conceptSetState.agreement.length,
      options: conceptSetState.agreement,
    }),
  ),
];
