import { Select } from "@mantine/core";
import { useRevisions } from "../../features/concept-sets/api/list-revisions";
import type { ConceptSet } from "../../shared/api/types";
import { formatDateTime } from "../../shared/lib/format";

interface RevisionFieldProps {
  conceptSet: ConceptSet | null;
  /** Null: the newest. */
  revision: string | null;
  onChange: (revision: string | null) => void;
}

/** Which revision of the concept set; the newest unless another one is chosen. */
export function RevisionField({ conceptSet, ...field }: RevisionFieldProps) {
  return conceptSet ? (
    <Revisions key={conceptSet.id} conceptSet={conceptSet} {...field} />
  ) : (
    <Select label="Revision" description="Of the concept set." data={[]} disabled />
  );
}

const NEWEST = "newest";

function Revisions({
  conceptSet,
  revision,
  onChange,
}: RevisionFieldProps & { conceptSet: ConceptSet }) {
  const revisions = useRevisions(conceptSet.id);
  const known = revisions.data?.pages.flatMap(({ items }) => items) ?? [];
  const missing =
    revision !== null && revisions.isSuccess && !known.some(({ id }) => id === revision);
  return (
    <Select
      label="Revision"
      description="Every save of the set is one."
      data={[
        { value: NEWEST, label: `Newest (revision ${conceptSet.latest.number})` },
        ...known.map(({ id, number, reason, created_at }) => ({
          value: id,
          label: `Revision ${number}, ${formatDateTime(created_at)}${reason && `: ${reason}`}`,
        })),
      ]}
      value={missing ? null : (revision ?? NEWEST)}
      error={
        (missing && "There is no such revision of this set. Choose another one.") ||
        (revisions.isError && "The revisions could not be read; the newest is taken.")
      }
      allowDeselect={false}
      onChange={(value) => onChange(value === NEWEST ? null : value)}
    />
  );
}
