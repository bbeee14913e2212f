/** Roles and permissions in words. */

import type { Permission, Role } from "../api/types";

interface RoleWords {
  role: Role;
  name: string;
  /** What somebody with this role may do, in one line. */
  may: string;
}

export const ROLES: readonly RoleWords[] = [
  {
    role: "reader",
    name: "Reader",
    may: "Own cases and those shared with them: upload, explain, mark, take notes. Reads in studies. Sees no data sets.",
  },
  {
    role: "coordinator",
    name: "Study coordinator",
    may: "As a reader; may also look at data sets and at what everybody marked, and run reader studies.",
  },
  {
    role: "researcher",
    name: "Researcher",
    may: "As a coordinator; may also import and delete data sets, run experiments on them, edit concept sets, train models and promote them.",
  },
  {
    role: "administrator",
    name: "Administrator",
    may: "Everything: all cases, people and groups, the audit trail.",
  },
];

export function roleName(role: Role): string {
  return ROLES.find((entry) => entry.role === role)?.name ?? role;
}

export const PERMISSION_WORDS: Readonly<Record<Permission, string>> = {
  "cases:read": "Read cases and their predictions",
  "cases:write": "Add, change and delete cases",
  "predictions:write": "Have images explained",
  "interventions:write": "Change concepts of predictions and keep what came of it",
  "labels:write": "Mark what is true in an image",
  "labels:read": "Read what everybody marked",
  "experiments:write": "Run interventions over whole data sets",
  "models:read": "Read models, their cards and concept sets",
  "models:activate": "Promote models and roll back",
  "training:write": "Train, diagnose and compare models",
  "concepts:write": "Make and edit concept sets",
  "datasets:read": "Read data sets and their reports",
  "datasets:write": "Import and delete data sets",
  "studies:read": "Look at the reader studies that one runs or observes",
  "studies:write": "Design, publish and run reader studies",
  "studies:answer": "Read in reader studies",
  "audit:read": "Read the audit trail",
  "people:read": "Read people and groups",
  "people:write": "Manage people and groups",
  account: "Manage the own account",
};
