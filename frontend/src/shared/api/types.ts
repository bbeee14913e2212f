/** Short names for the generated types. Nothing here is written by hand. */

import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Case = Schemas["CaseRead"];
export type CasePage = Schemas["CasePage"];
export type CaseUpdate = Schemas["CaseUpdate"];
export type Example = Schemas["ExampleRead"];
export type Health = Schemas["HealthRead"];
export type ModelVersion = Schemas["ModelVersionRead"];
export type ModelVersionDetail = Schemas["ModelVersionDetail"];
export type Prediction = Schemas["PredictionRead"];
export type PredictionCreate = Schemas["PredictionCreate"];
export type ClassPrediction = Schemas["ClassPrediction"];
export type GroupPrediction = Schemas["GroupPrediction"];
export type OptionPrediction = Schemas["OptionPrediction"];
export type CodePrediction = Schemas["CodePrediction"];
export type Familiarity = Schemas["FamiliarityRead"];
export type Maps = Schemas["MapsRead"];
export type MapKind = Schemas["MapKind"];
export type Dataset = Schemas["DatasetRead"];
export type DatasetDetail = Schemas["DatasetDetail"];
export type DatasetSizes = Schemas["DatasetSizesRead"];
export type DatasetCreate = Schemas["DatasetCreate"];
export type DatasetAdapter = Schemas["DatasetAdapterRead"];
export type ImportProgress = NonNullable<Dataset["progress"]>;
export type ImportFolders = Schemas["ImportFoldersRead"];
export type ClusterPage = Schemas["ClusterPage"];
export type Cluster = ClusterPage["items"][number];
