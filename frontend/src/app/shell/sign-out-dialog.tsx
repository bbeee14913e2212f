import { Button, Group } from "@mantine/core";
import { useEffect, useState } from "react";
import { useLogOut } from "../../features/auth/api/log-out";
import { unsavedWork } from "../../shared/account/unsaved-work";
import { messageOf } from "../../shared/api/api-error";
import { Busy } from "../../shared/components/busy";
import { Dialog } from "../../shared/components/dialog";
import { Notice } from "../../shared/components/notice";
import { tellOtherTabs } from "../auth/session-changes";
import { UnsavedWork } from "../auth/unsaved-work-list";
import { useLeave } from "../auth/use-leave";

/** Signs out at once; asks only where something would be left undone, and says so when it fails. */
export function SignOutDialog({ onStay }: { onStay: () => void }) {
  const leave = useLeave();
  const { mutate, isPending, error } = useLogOut();
  const [work] = useState(unsavedWork);
  const asks = work.length > 0;
  const signOut = () =>
    mutate(undefined, {
      onSuccess: () => {
        tellOtherTabs("out");
        leave();
      },
    });

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it was asked for
  useEffect(() => {
    if (!asks) {
      signOut();
    }
  }, []);

  return (
    <Dialog opened={asks || error !== null} onClose={onStay} title="Sign out?" width={420}>
      <UnsavedWork work={work} />
      {error && (
        <Notice tone="error" title="Not signed out" live>
          {messageOf(error)}
        </Notice>
      )}
      {isPending && <Busy>Signing out</Busy>}
      <Group justify="flex-end" gap="xs" mt="sm">
        <Button variant="default" onClick={onStay} data-autofocus>
          Stay signed in
        </Button>
        <Button loading={isPending} onClick={signOut}>
          Sign out
        </Button>
      </Group>
    </Dialog>
  );
}
