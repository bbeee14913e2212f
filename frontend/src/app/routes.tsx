import type { RouteObject } from "react-router";
import { Busy } from "../shared/components/busy";
import { CasePage } from "./case/case-page";
import { CaseListPage } from "./case-list/case-list-page";
import { AppShell } from "./shell/app-shell";
import { ErrorPage } from "./shell/error-page";
import { NotFoundPage } from "./shell/not-found-page";

export const routes: RouteObject[] = [
  {
    element: <AppShell />,
    errorElement: <ErrorPage />,
    hydrateFallbackElement: <Busy>Loading</Busy>,
    children: [
      {
        // A second boundary, so that a broken page leaves the header and the footer standing.
        errorElement: <ErrorPage />,
        children: [
          { index: true, element: <CaseListPage /> },
          { path: "cases/:caseId", element: <CasePage /> },
          {
            path: "datasets",
            lazy: async () => ({
              Component: (await import("./datasets/datasets-page")).DatasetsPage,
            }),
          },
          {
            path: "datasets/:datasetId",
            lazy: async () => ({
              Component: (await import("./datasets/dataset-page")).DatasetPage,
            }),
          },
          {
            path: "models/:modelVersionId?",
            lazy: async () => ({ Component: (await import("./models/models-page")).ModelsPage }),
          },
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
];
