import { Modal } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { sessionGate } from "../api/session-gate";
import classes from "./dialog.module.css";

interface DialogProps {
  title: string;
  opened: boolean;
  /** Left away: it cannot be closed, only dealt with. */
  onClose?: () => void;
  /** Width in pixels. */
  width: number;
  zIndex?: number;
  children: ReactNode;
}

/**
 * A modal dialog. Put together from Mantine's parts, because its ready-made modal has a `<header>`, which
 * assistive technology takes for a second banner of the page, and a close button without a name.
 */
export function Dialog({ title, opened, onClose, width, zIndex, children }: DialogProps) {
  // While somebody signs in again over it, Escape must not close what they were doing.
  const waiting = useSyncExternalStore(sessionGate.subscribe, sessionGate.isClosed);
  useFocusBack(opened);
  const closable = onClose !== undefined && !waiting;
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose ?? doNothing}
      closeOnEscape={closable}
      closeOnClickOutside={closable}
      zIndex={zIndex}
      size={width}
      centered
      transitionProps={{ duration: 0 }}
      classNames={{ content: classes.content }}
    >
      <Modal.Overlay backgroundOpacity={0.7} />
      <Modal.Content>
        <div className={classes.header}>
          <Modal.Title className={classes.title}>{title}</Modal.Title>
          {onClose && <Modal.CloseButton aria-label="Close" size={26} />}
        </div>
        <Modal.Body className={classes.body}>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Mantine gives the focus back when `opened` changes; this does where an open dialog is taken away as a whole. */
function useFocusBack(opened: boolean): void {
  const [opener] = useState(() => (opened ? document.activeElement : null));
  const isOpen = useRef(opened);
  useEffect(() => {
    isOpen.current = opened;
  }, [opened]);
  useEffect(
    () => () => {
      const nowhere = document.activeElement === document.body;
      if (isOpen.current && nowhere && opener instanceof HTMLElement) {
        opener.focus({ preventScroll: true });
      }
    },
    [opener],
  );
}

function doNothing(): void {}
