import { Button, MultiSelect, Radio } from "@mantine/core";
import { IconLock, IconUsers, IconWorld } from "@tabler/icons-react";
import { type SubmitEvent, useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { Case, GroupRef, Visibility } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { useShareCase } from "../api/share-case";
import { readOnlyReason, VISIBILITIES, visibilityWords } from "../lib/sharing";
import classes from "./sharing.module.css";

export const VISIBILITY_ICONS = { private: IconLock, groups: IconUsers, open: IconWorld };

const WAITS =
  "It cannot be shared before its pixels were looked at: they may hold text about the patient.";

interface SharingProps {
  entry: Case;
  /** Those it can be shared with. */
  groups: readonly GroupRef[];
}

/** Who owns a case and who sees it; for those who may, the way to change that. */
export function Sharing({ entry, groups }: SharingProps) {
  const [editing, setEditing] = useState(false);
  const Icon = VISIBILITY_ICONS[entry.visibility];
  const waits = entry.review === "waiting";
  const reason = readOnlyReason(entry) ?? (waits ? WAITS : null);
  return (
    <section className={classes.sharing} aria-label="Who sees this case">
      <div className={classes.line}>
        <Icon size={15} aria-hidden />
        <span className={classes.who}>
          <span className={classes.label}>Seen by </span>
          <span>
            {entry.visibility === "private"
              ? "the owner and administrators"
              : visibilityWords(entry)}
          </span>
        </span>
        {entry.may_change && !waits && !editing && (
          <Button variant="default" size="compact-xs" onClick={() => setEditing(true)}>
            Share …
          </Button>
        )}
      </div>
      <p className={classes.owner}>{reason ?? `Owner: ${entry.owner?.name ?? "none yet"}`}</p>
      {editing && <SharingForm entry={entry} groups={groups} onClose={() => setEditing(false)} />}
    </section>
  );
}

interface SharingFormProps extends SharingProps {
  onClose: () => void;
}

function SharingForm({ entry, groups, onClose }: SharingFormProps) {
  const [visibility, setVisibility] = useState<Visibility>(entry.visibility);
  const [chosen, setChosen] = useState(entry.groups.map(({ id }) => id));
  const share = useShareCase(entry.id);
  const lacksGroup = visibility === "groups" && chosen.length === 0;
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const group_ids = visibility === "groups" ? chosen : [];
    share.mutate({ visibility, group_ids }, { onSuccess: onClose });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <Radio.Group
        size="xs"
        label="Who may see this case"
        value={visibility}
        onChange={(value) => setVisibility(value as Visibility)}
      >
        <div className={classes.choices}>
          {VISIBILITIES.map(({ visibility: value, name, hint }, at) => (
            <Radio
              key={value}
              size="xs"
              value={value}
              label={name}
              description={hint}
              autoFocus={at === 0}
            />
          ))}
        </div>
      </Radio.Group>
      {visibility === "groups" && (
        <GroupChoice groups={groups} value={chosen} onChange={setChosen} />
      )}
      {share.isError && (
        <Notice tone="error" title="Sharing was not changed" live>
          {messageOf(share.error)}
        </Notice>
      )}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" disabled={lacksGroup} loading={share.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}

interface GroupChoiceProps {
  groups: readonly GroupRef[];
  value: string[];
  onChange: (ids: string[]) => void;
}

function GroupChoice({ groups, value, onChange }: GroupChoiceProps) {
  if (groups.length === 0) {
    return (
      <p className={classes.owner}>
        You belong to no group. An administrator can put you into one.
      </p>
    );
  }
  return (
    <MultiSelect
      size="xs"
      label="Groups"
      description="Members see the case and its predictions; they cannot change it."
      placeholder={value.length === 0 ? "Choose at least one" : undefined}
      data={groups.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={onChange}
      hidePickedOptions
    />
  );
}
