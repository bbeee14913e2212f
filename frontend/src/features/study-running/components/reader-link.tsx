import { Button } from "@mantine/core";
import type { ReaderInvited } from "../../../shared/api/types";
import { CopyField } from "../../../shared/components/copy-field";
import { Notice } from "../../../shared/components/notice";
import { formatDateTime } from "../../../shared/lib/format";
import classes from "./running.module.css";

interface ReaderLinkProps {
  invited: ReaderInvited;
  onClose: () => void;
}

/** What to hand to a reader: a link to choose a password, or where to read for somebody who has one. */
export function ReaderLink({ invited, onClose }: ReaderLinkProps) {
  const { link, path, reader } = invited;
  return (
    <div className={classes.form}>
      {link ? (
        <>
          <Notice tone="warning" title="Shown only once" live>
            Copy the link and hand it to {reader.name} yourself, for example by e-mail. Whoever has
            it can choose the password. It works once, until {formatDateTime(link.expires_at)}.
          </Notice>
          <CopyField label="Invitation link" value={window.location.origin + link.path} />
        </>
      ) : (
        <Notice tone="info" title={`${reader.name} reads as ${reader.code}`} live>
          They have an account. Vitrine sends no mail: tell them to sign in and open this address.
        </Notice>
      )}
      <CopyField
        label={link ? "Where they read, once signed in" : "Where they read"}
        value={window.location.origin + path}
      />
      <div className={classes.buttons}>
        <Button onClick={onClose}>Done</Button>
      </div>
    </div>
  );
}
