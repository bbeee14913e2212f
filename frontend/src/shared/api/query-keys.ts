/**
 * Keys of everything in the query cache, in one place: a feature that changes data can mark what another
 * feature shows as stale without importing it.
 */
export const queryKeys = {
  session: ["session"] as const,
  link: ["link"] as const,
  health: ["health"] as const,
  cases: ["cases"] as const,
  caseList: (search: string, review: string | null) => ["cases", "list", search, review] as const,
  /** Under the lists, so that it is stale with them. */
  waitingCases: ["cases", "list", "waiting"] as const,
  case: (caseId: string) => ["cases", "one", caseId] as const,
  caseImage: (caseId: string) => ["case-image", caseId] as const,
  caseImageOf: (caseId: string, version: string) => ["case-image", caseId, version] as const,
  caseDisplay: (caseId: string) => ["case-display", caseId] as const,
  reviewFrames: (caseId: string) => ["review-frames", caseId] as const,
  reviewFrame: (caseId: string, version: string, frame: number) =>
    ["review-frames", caseId, version, frame] as const,
  deidentification: (caseId: string) => ["deidentification", caseId] as const,
  predictions: (caseId: string) => ["predictions", caseId] as const,
  labels: (caseId: string) => ["labels", caseId] as const,
  agreement: ["agreement"] as const,
  agreementOf: (question: object) => ["agreement", question] as const,
  modelHead: (modelVersionId: string) => ["model-head", modelVersionId] as const,
  interventions: (caseId: string) => ["interventions", caseId] as const,
  intervention: (interventionId: string) => ["intervention", interventionId] as const,
  regionPreview: (predictionId: string, regions: string) =>
    ["region-preview", predictionId, regions] as const,
  counterfactuals: (predictionId: string, question: string) =>
    ["counterfactuals", predictionId, question] as const,
  checks: (predictionId: string) => ["checks", predictionId] as const,
  maps: (predictionId: string, kind: string) => ["maps", predictionId, kind] as const,
  examples: ["examples"] as const,
  models: ["models"] as const,
  model: (modelVersionId: string) => ["models", modelVersionId] as const,
  datasets: ["datasets"] as const,
  datasetList: ["datasets", "list"] as const,
  dataset: (datasetId: string) => ["datasets", "one", datasetId] as const,
  clusters: (datasetId: string) => ["dataset-clusters", datasetId] as const,
  adapters: ["dataset-adapters"] as const,
  ownSessions: ["account", "sessions"] as const,
  ownTokens: ["account", "tokens"] as const,
  people: ["people"] as const,
  groups: ["groups"] as const,
  audit: ["audit"] as const,
  auditEvents: (filters: object) => ["audit", "events", filters] as const,
  auditVerification: ["audit", "verification"] as const,
  importFolders: (path: string | null) => ["import-folders", path] as const,
  conceptSets: ["concept-sets"] as const,
  conceptSetList: ["concept-sets", "list"] as const,
  conceptSet: (setId: string) => ["concept-sets", "one", setId] as const,
  conceptRevisions: (setId: string) => ["concept-sets", "revisions", setId] as const,
  /** What a revision says never changes; whether it is the newest does, so it is not kept for ever. */
  conceptRevision: (revisionId: string) => ["concept-sets", "revision", revisionId] as const,
  conceptYaml: (revisionId: string) => ["concept-set-yaml", revisionId] as const,
  conceptDiff: (beforeId: string, afterId: string) =>
    ["concept-set-diff", beforeId, afterId] as const,
  conceptCheck: (content: string, baseId: string | null) =>
    ["concept-set-check", baseId, content] as const,
  optionAgreement: (modelVersionId: string) => ["agreement", "options", modelVersionId] as const,
  diagnoses: ["diagnoses"] as const,
  diagnosesOf: (modelVersionId: string) => ["diagnoses", "of", modelVersionId] as const,
  diagnosis: (diagnosisId: string) => ["diagnoses", "one", diagnosisId] as const,
  embedding: (diagnosisId: string, method: string) =>
    ["diagnosis-embedding", diagnosisId, method] as const,
  evidence: (modelVersionId: string) => ["evidence", "of", modelVersionId] as const,
  evidenceMeasurements: (modelVersionId: string) =>
    ["evidence", "measurements", modelVersionId] as const,
  activations: ["models", "activations"] as const,
  modelHistory: (modelVersionId: string) => ["models", modelVersionId, "history"] as const,
  trainingRuns: ["training-runs"] as const,
  trainingRunList: (offset: number) => ["training-runs", "list", offset] as const,
  trainingRun: (runId: string) => ["training-runs", "one", runId] as const,
  trainingEstimate: (body: object) => ["training-estimate", body] as const,
  comparisons: ["model-comparisons"] as const,
  comparisonOf: (question: object) => ["model-comparisons", question] as const,
  readings: ["readings"] as const,
  readingList: ["readings", "list"] as const,
  reading: (studyId: string) => ["readings", "one", studyId] as const,
  readingResponses: (studyId: string) => ["readings", "responses", studyId] as const,
  readingAnsweredItem: (responseId: string) => ["readings", "item", responseId] as const,
  readingQueries: (studyId: string) => ["readings", "queries", studyId] as const,
  readerStudies: ["reader-studies"] as const,
  readerStudyList: ["reader-studies", "list"] as const,
  /** Under it stands everything that belongs to one study, so that a change can mark all of it as stale. */
  readerStudy: (studyId: string) => ["reader-studies", "one", studyId] as const,
  studyReaders: (studyId: string) => ["reader-studies", "one", studyId, "readers"] as const,
  studyMembers: (studyId: string) => ["reader-studies", "one", studyId, "members"] as const,
  studyQueries: (studyId: string) => ["reader-studies", "one", studyId, "queries"] as const,
  studyProtocols: (studyId: string) => ["reader-studies", "one", studyId, "protocols"] as const,
  studyItems: (studyId: string) => ["reader-studies", "one", studyId, "items"] as const,
  studyResults: (studyId: string) => ["reader-studies", "one", studyId, "results"] as const,
  readerCandidates: ["reader-candidates"] as const,
  studyCases: (studyId: string) => ["reader-studies", "one", studyId, "cases"] as const,
  studyCandidates: (query: object) => ["study-candidates", query] as const,
  /** What is shown follows from the revision of the draft. */
  studyPreview: (studyId: string, revision: number, item: object) =>
    ["study-preview", studyId, revision, item] as const,
};

export const mutationKeys = {
  predict: (caseId: string) => ["predict", caseId] as const,
};
