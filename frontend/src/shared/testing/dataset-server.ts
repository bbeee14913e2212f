/** The data sets of the fixture server: imports that begin, are cancelled and deleted. */

import { HttpResponse, http } from "msw";
import type { Cluster, Dataset, DatasetCreate, DatasetDetail } from "../api/types";
import {
  ADAPTERS,
  IMPORT_BUSI,
  IMPORT_ROOT,
  makeClusters,
  makeDataset,
  makeDatasetDetail,
  PROCEDURAL,
} from "./dataset-fixtures";

interface DatasetState {
  datasets: Dataset[];
  /** What the page of a data set says beyond the list. */
  detail: Partial<DatasetDetail>;
  clusters: Cluster[];
  /** Bodies of POST requests, in order. */
  imports: DatasetCreate[];
}

export const datasetState: DatasetState = { datasets: [], detail: {}, clusters: [], imports: [] };

export function resetDatasets(): void {
  datasetState.datasets = [PROCEDURAL];
  datasetState.detail = {};
  datasetState.clusters = makeClusters(12);
  datasetState.imports = [];
}

const API = "*/api/v1";

const missing = () =>
  HttpResponse.json(
    { error: "dataset_not_found", detail: "There is no data set with this id." },
    { status: 404 },
  );

const find = (id: unknown) => datasetState.datasets.find((dataset) => dataset.id === id);

function listClusters(request: Request) {
  const query = new URL(request.url).searchParams;
  const disagreeing = query.get("disagreeing") === "true";
  const found = datasetState.clusters.filter(({ disagree }) => disagree || !disagreeing);
  const begin = Number(query.get("offset") ?? 0);
  return HttpResponse.json({
    total: found.length,
    items: found.slice(begin, begin + Number(query.get("limit") ?? 10)),
  });
}

async function startImport(request: Request) {
  const body = (await request.json()) as DatasetCreate;
  datasetState.imports.push(body);
  const created = makeDataset({
    id: body.name,
    name: body.name,
    title: body.name,
    adapter: body.adapter,
    source: body.path,
    status: "importing",
    progress: { stage: "reading", done: 120, total: 553 },
    classes: [],
    images: null,
  });
  datasetState.datasets = [
    ...datasetState.datasets.filter(({ name }) => name !== body.name),
    created,
  ];
  return HttpResponse.json(created, { status: 202 });
}

export const datasetHandlers = [
  http.get(`${API}/dataset-adapters`, () => HttpResponse.json({ items: ADAPTERS })),
  http.get(`${API}/import-folders`, ({ request }) =>
    HttpResponse.json(
      new URL(request.url).searchParams.get("path") === IMPORT_BUSI.path
        ? IMPORT_BUSI
        : IMPORT_ROOT,
    ),
  ),
  http.get(`${API}/datasets`, () => HttpResponse.json({ items: datasetState.datasets })),
  http.post(`${API}/datasets`, ({ request }) => startImport(request)),
  http.get(`${API}/datasets/:id`, ({ params }) => {
    const found = find(params.id);
    return found
      ? HttpResponse.json(makeDatasetDetail({ ...found, ...datasetState.detail }))
      : missing();
  }),
  http.get(`${API}/datasets/:id/clusters`, ({ request }) => listClusters(request)),
  http.post(`${API}/datasets/:id/cancel`, ({ params }) => {
    const found = find(params.id);
    return found
      ? HttpResponse.json(Object.assign(found, { status: "cancelled", progress: null }), {
          status: 202,
        })
      : missing();
  }),
  http.delete(`${API}/datasets/:id`, ({ params }) => {
    datasetState.datasets = datasetState.datasets.filter(({ id }) => id !== params.id);
    return new HttpResponse(null, { status: 204 });
  }),
];
