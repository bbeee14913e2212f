/** shared → features → app, and no feature imports another: what needs two of them is composed in app. */
/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "features-never-import-each-other",
      comment: "Compose features in src/app/routes instead, or move what both need to src/shared.",
      severity: "error",
      from: { path: "^src/features/([^/]+)/" },
      to: { path: "^src/features/", pathNot: "^src/features/$1/" },
    },
    {
      name: "features-never-import-app",
      severity: "error",
      from: { path: "^src/features/" },
      to: { path: "^src/app/" },
    },
    {
      name: "shared-imports-neither-features-nor-app",
      severity: "error",
      from: { path: "^src/(shared|api)/" },
      to: { path: "^src/(features|app)/" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, pathNot: ["\\.d\\.ts$", "\\.test\\.tsx?$", "^src/main\\.tsx$"] },
      to: {},
    },
    {
      name: "no-testing-helpers-in-the-application",
      severity: "error",
      from: { pathNot: ["\\.test\\.tsx?$", "^src/(shared|app)/testing/"] },
      to: { path: "^src/(shared|app)/testing/" },
    },
    {
      name: "not-to-unresolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-development-dependency-in-the-application",
      severity: "error",
      from: { pathNot: ["\\.test\\.tsx?$", "^src/(shared|app)/testing/"] },
      to: { dependencyTypes: ["npm-dev"], pathNot: ["\\.d\\.ts$", "node_modules/@types/"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.app.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "browser", "default"],
    },
  },
};
