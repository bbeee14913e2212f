import { Sharing } from "../../features/cases/components/sharing";
import { useGroups } from "../../features/people/api/list-groups";
import { useAccount } from "../../shared/account/account-context";
import type { Case } from "../../shared/api/types";

/** With the groups of the person who looks: administrators can share with all of them. */
export function CaseSharing({ entry }: { entry: Case }) {
  const account = useAccount();
  const groups = useGroups();
  return <Sharing entry={entry} groups={groups.data ?? account.groups} />;
}
