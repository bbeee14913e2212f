import { Button, Select } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useAccount } from "../../../shared/account/account-context";
import { messageOf } from "../../../shared/api/api-error";
import type {
  ReaderCandidate,
  StudyMember,
  StudyMemberUpdate,
  StudyRead,
  StudyReader,
} from "../../../shared/api/types";
import { Confirm } from "../../../shared/components/confirm";
import table from "../../../shared/components/data-table.module.css";
import { Notice } from "../../../shared/components/notice";
import { Section } from "../../../shared/components/section";
import { Tag } from "../../../shared/components/tag";
import { useStudyMembers } from "../api/list-study-members";
import { useRemoveStudyMember } from "../api/remove-study-member";
import { useUpdateStudyMember } from "../api/update-study-member";
import { readsAs } from "../lib/members";
import { Loaded } from "./loaded";
import classes from "./running.module.css";

interface MemberSectionProps {
  study: StudyRead;
  mayRun: boolean;
  candidates: readonly ReaderCandidate[];
  readers: readonly StudyReader[];
}

/** Who runs the study and who only sees its results. */
export function MemberSection({ study, mayRun, candidates, readers }: MemberSectionProps) {
  const members = useStudyMembers(study.id);
  return (
    <Section
      title="Members"
      hint="Coordinators run the study with its owner; observers only see its results, when members may. Whoever reads too stays blinded until they have finished."
    >
      <Loaded query={members} what="members">
        {(items) => (
          <>
            <MemberTable
              study={study}
              mayRun={mayRun}
              members={items}
              codeOf={({ user }) => readsAs(user.id, candidates, readers)}
            />
            {mayRun && <AddMember study={study} members={items} candidates={candidates} />}
          </>
        )}
      </Loaded>
    </Section>
  );
}

interface MemberTableProps {
  study: StudyRead;
  mayRun: boolean;
  members: readonly StudyMember[];
  codeOf: (member: StudyMember) => string | null;
}

function MemberTable({ study, mayRun, members, codeOf }: MemberTableProps) {
  const account = useAccount();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must be able to
    <section className={table.scroll} aria-label="Members, table" tabIndex={0}>
      <table className={table.table}>
        <caption className="visually-hidden">Members</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => {
            const code = codeOf(member);
            return (
              <tr key={member.user.id}>
                <th scope="row">
                  <span className={table.strong}>{member.user.name}</span>{" "}
                  {member.user.id === account.id && <Tag tone="accent">you</Tag>}{" "}
                  {code && <Tag tone="warning">reads too, as {code}</Tag>}
                </th>
                <td>{member.role}</td>
                <td className={table.buttons}>
                  {mayRun && member.role !== "owner" && (
                    <MemberActions study={study} member={member} />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function MemberActions({ study, member }: { study: StudyRead; member: StudyMember }) {
  const [opened, setOpened] = useState<"role" | "remove" | null>(null);
  const update = useUpdateStudyMember(study.id);
  const remove = useRemoveStudyMember(study.id);
  const { user, role } = member;
  const other = role === "coordinator" ? "observer" : "coordinator";
  const close = () => setOpened(null);
  const common = { variant: "default", size: "compact-xs" } as const;
  return (
    <span className={classes.actions}>
      <Button
        {...common}
        aria-label={`Make ${user.name} ${other}`}
        onClick={() => setOpened("role")}
      >
        Make {other} …
      </Button>
      <Button {...common} aria-label={`Remove ${user.name}`} onClick={() => setOpened("remove")}>
        Remove …
      </Button>
      <Confirm
        opened={opened === "role"}
        onClose={close}
        title={`Make ${user.name} ${other}?`}
        confirm={`Make ${other}`}
        failed="Nothing was changed"
        harmless
        pending={update.isPending}
        error={update.error}
        onConfirm={() => update.mutate({ user_id: user.id, role: other }, { onSuccess: close })}
      >
        {other === "observer"
          ? "They see results when members may, and can change nothing."
          : "They may invite readers, reply to them, amend the protocol and close the study."}
      </Confirm>
      <Confirm
        opened={opened === "remove"}
        onClose={close}
        title={`Remove ${user.name}?`}
        confirm="Remove"
        failed="Not removed"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(user.id, { onSuccess: close })}
      >
        They see the study no more. If they read in it too, they go on reading.
      </Confirm>
    </span>
  );
}

interface AddMemberProps {
  study: StudyRead;
  members: readonly StudyMember[];
  candidates: readonly ReaderCandidate[];
}

function AddMember({ study, members, candidates }: AddMemberProps) {
  const [userId, setUserId] = useState<string | null>(null);
  const [role, setRole] = useState<StudyMemberUpdate["role"]>("coordinator");
  const add = useUpdateStudyMember(study.id);
  const others = candidates.filter(({ id }) => !members.some(({ user }) => user.id === id));
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (userId) {
      add.mutate({ user_id: userId, role }, { onSuccess: () => setUserId(null) });
    }
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <div className={classes.add}>
        <Select
          label="Add a member"
          placeholder={others.length === 0 ? "Everybody is a member" : "Choose an account"}
          searchable
          nothingFoundMessage="No account with this name or address"
          data={others.map(({ id, name, email }) => ({ value: id, label: `${name}, ${email}` }))}
          value={userId}
          onChange={setUserId}
        />
        <Select
          label="As"
          allowDeselect={false}
          data={["coordinator", "observer"]}
          value={role}
          onChange={(value) => setRole(value === "observer" ? "observer" : "coordinator")}
        />
        <Button type="submit" variant="default" loading={add.isPending} disabled={!userId}>
          Add
        </Button>
      </div>
      {add.isError && (
        <Notice tone="error" title="Not added" live>
          {messageOf(add.error)}
        </Notice>
      )}
    </form>
  );
}
