import { Button, Tabs } from "@mantine/core";
import { useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { IconUserPlus, IconUsersPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useNavigate, useParams } from "react-router";
import { useGroups } from "../../features/people/api/list-groups";
import { usePeople } from "../../features/people/api/list-people";
import { GroupDialog } from "../../features/people/components/group-dialog";
import { GroupTable } from "../../features/people/components/group-table";
import { InviteDialog } from "../../features/people/components/invite-dialog";
import { PeopleTable } from "../../features/people/components/people-table";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Needs } from "../shell/needs";
import page from "../shell/page.module.css";
import { PageBar } from "../shell/page-bar";
import classes from "./people-page.module.css";

export function PeoplePage() {
  return (
    <Needs permission="people:read" what="People and groups">
      <Everybody />
    </Needs>
  );
}

/** Who may come in, as what, and the groups that cases are shared with. */
function Everybody() {
  useDocumentTitle("People and groups · Vitrine");
  const { tab } = useParams();
  const navigate = useNavigate();
  const people = usePeople();
  const groups = useGroups();
  const [inviting, invitation] = useDisclosure(false);
  const [grouping, newGroup] = useDisclosure(false);
  const shown = tab === "groups" ? "groups" : "people";
  return (
    <div className={page.page}>
      <PageBar
        title="People and groups"
        open
        actions={
          shown === "people" ? (
            <Button leftSection={<IconUserPlus size={15} />} onClick={invitation.open}>
              Invite somebody
            </Button>
          ) : (
            <Button leftSection={<IconUsersPlus size={15} />} onClick={newGroup.open}>
              New group
            </Button>
          )
        }
      />
      <Tabs
        className={classes.tabs}
        value={shown}
        keepMounted={false}
        onChange={(next) => void navigate(next === "groups" ? "/people/groups" : "/people")}
      >
        <Tabs.List>
          <Tabs.Tab value="people">People{people.data && ` (${people.data.length})`}</Tabs.Tab>
          <Tabs.Tab value="groups">Groups{groups.data && ` (${groups.data.length})`}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="people" className={page.content}>
          <Loaded query={people} what="people">
            <PeopleTable people={people.data ?? []} groups={groups.data ?? []} />
          </Loaded>
        </Tabs.Panel>
        <Tabs.Panel value="groups" className={page.content}>
          <Loaded query={groups} what="groups">
            <GroupTable groups={groups.data ?? []} people={people.data ?? []} />
          </Loaded>
        </Tabs.Panel>
      </Tabs>
      <InviteDialog opened={inviting} onClose={invitation.close} groups={groups.data ?? []} />
      {grouping && <GroupDialog group={null} people={people.data ?? []} onClose={newGroup.close} />}
    </div>
  );
}

interface LoadedProps {
  query: Pick<ReturnType<typeof usePeople>, "isPending" | "isError" | "error"> & {
    refetch: () => Promise<unknown>;
  };
  what: string;
  children: ReactNode;
}

function Loaded({ query, what, children }: LoadedProps) {
  if (query.isPending) {
    return <Busy>{`Loading the ${what}`}</Busy>;
  }
  if (query.isError) {
    return (
      <div className={page.notice}>
        <QueryError
          title={`The ${what} could not be read`}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      </div>
    );
  }
  return children;
}
