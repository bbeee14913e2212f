import { Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { messageOf } from "../api/api-error";
import { Dialog } from "./dialog";
import { Notice } from "./notice";

interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What happens, in words. */
  children: ReactNode;
  /** Of the button that does it. */
  confirm: string;
  /** Of the button that does not; by default "Cancel". */
  keep?: string;
  /** Heading over the reason when it could not be done. */
  failed: string;
  harmless?: boolean;
  pending: boolean;
  error: Error | null;
  /** Closes it when it is done: `onClose` from the mutation's `onSuccess`. */
  onConfirm: () => void;
}

/** Asks once, in words that say what happens. */
export function Confirm(props: ConfirmProps) {
  const { opened, onClose, title, children, confirm, keep, failed, harmless } = props;
  const { pending, error } = props;
  return (
    <Dialog opened={opened} onClose={onClose} title={title} width={440}>
      <p style={{ marginTop: 0 }}>{children}</p>
      {error && (
        <Notice tone="error" title={failed} live>
          {messageOf(error)}
        </Notice>
      )}
      <Group justify="flex-end" gap="xs" mt="sm">
        <Button variant="default" onClick={onClose} data-autofocus>
          {keep ?? "Cancel"}
        </Button>
        <Button color={harmless ? undefined : "red"} loading={pending} onClick={props.onConfirm}>
          {confirm}
        </Button>
      </Group>
    </Dialog>
  );
}
