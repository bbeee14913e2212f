import { Navigate, type RouteObject } from "react-router";
import { Busy } from "../shared/components/busy";
import { SessionGate } from "./auth/session-gate";
import { SignedInPage } from "./auth/signed-in-page";
import { WelcomePage } from "./auth/welcome-page";
import { CasePage } from "./case/case-page";
import { CaseListPage } from "./case-list/case-list-page";
import { AppShell } from "./shell/app-shell";
import { ErrorPage } from "./shell/error-page";
import { NotFoundPage } from "./shell/not-found-page";

const pages: RouteObject[] = [
  {
    element: <AppShell />,
    errorElement: <ErrorPage />,
    children: [
      {
        // A second boundary, so that a broken page leaves the header and the footer standing.
        errorElement: <ErrorPage />,
        children: [
          { index: true, element: <CaseListPage /> },
          { path: "cases/:caseId", element: <CasePage /> },
          {
            path: "cases/:caseId/compare",
            lazy: async () => ({ Component: (await import("./compare/compare-page")).ComparePage }),
          },
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
            path: "models",
            lazy: async () => ({ Component: (await import("./models/models-page")).ModelsPage }),
          },
          {
            path: "models/compare",
            lazy: async () => ({
              Component: (await import("./models/compare-models-page")).CompareModelsPage,
            }),
          },
          {
            path: "models/:modelVersionId",
            lazy: async () => ({ Component: (await import("./models/model-page")).ModelPage }),
          },
          {
            path: "models/:modelVersionId/card",
            lazy: async () => ({
              Component: (await import("./models/model-card-page")).ModelCardPage,
            }),
          },
          {
            path: "models/:modelVersionId/codebook",
            lazy: async () => ({
              Component: (await import("./models/codebook-page")).CodebookPage,
            }),
          },
          {
            path: "concept-sets",
            lazy: async () => ({
              Component: (await import("./concept-sets/concept-sets-page")).ConceptSetsPage,
            }),
          },
          {
            path: "concept-sets/:setId",
            lazy: async () => ({
              Component: (await import("./concept-sets/concept-set-page")).ConceptSetPage,
            }),
          },
          {
            path: "training",
            lazy: async () => ({
              Component: (await import("./training-runs/training-runs-page")).TrainingRunsPage,
            }),
          },
          {
            path: "training/new",
            lazy: async () => ({
              Component: (await import("./training-runs/new-training-run-page")).NewTrainingRunPage,
            }),
          },
          {
            path: "training/:runId",
            lazy: async () => ({
              Component: (await import("./training-runs/training-run-page")).TrainingRunPage,
            }),
          },
          {
            path: "agreement",
            lazy: async () => ({
              Component: (await import("./agreement/agreement-page")).AgreementPage,
            }),
          },
          {
            path: "studies",
            lazy: async () => ({
              Component: (await import("./reader-studies/reader-studies-page")).ReaderStudiesPage,
            }),
          },
          {
            path: "studies/:studyId/:tab?",
            lazy: async () => ({
              Component: (await import("./reader-studies/study-page")).StudyPage,
            }),
          },
          {
            path: "readings",
            lazy: async () => ({
              Component: (await import("./readings/readings-page")).ReadingsPage,
            }),
          },
          {
            path: "readings/:studyId",
            lazy: async () => ({
              Component: (await import("./readings/reading-page")).ReadingPage,
            }),
          },
          {
            path: "account",
            lazy: async () => ({ Component: (await import("./account/account-page")).AccountPage }),
          },
          {
            path: "people/:tab?",
            lazy: async () => ({ Component: (await import("./people/people-page")).PeoplePage }),
          },
          {
            path: "audit",
            lazy: async () => ({ Component: (await import("./audit/audit-page")).AuditPage }),
          },
          // Where the server leads after single sign-on that failed; signed in, there is nothing to say.
          { path: "sign-in", element: <Navigate to="/" replace /> },
          { path: "signed-in", element: <SignedInPage /> },
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
  // Full-screen, without the application around it: nothing but the item and its questions.
  {
    path: "readings/:studyId/read",
    errorElement: <ErrorPage />,
    lazy: async () => ({
      Component: (await import("./readings/reading-room-page")).ReadingRoomPage,
    }),
  },
];

export const routes: RouteObject[] = [
  {
    errorElement: <ErrorPage />,
    hydrateFallbackElement: <Busy>Loading</Busy>,
    children: [
      { path: "welcome", element: <WelcomePage /> },
      { element: <SessionGate />, children: pages },
    ],
  },
];
