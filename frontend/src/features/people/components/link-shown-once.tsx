import { Button } from "@mantine/core";
import type { PersonLink } from "../../../shared/api/types";
import { CopyField } from "../../../shared/components/copy-field";
import { Notice } from "../../../shared/components/notice";
import { formatDateTime } from "../../../shared/lib/format";
import classes from "./people-form.module.css";

interface LinkShownOnceProps {
  link: PersonLink;
  name: string;
  onClose: () => void;
}

/** The link to hand over. Vitrine sends no mail, and does not keep it. */
export function LinkShownOnce({ link, name, onClose }: LinkShownOnceProps) {
  return (
    <div className={classes.form}>
      <Notice tone="warning" title="Shown only once" live>
        Copy the link and hand it to {name} yourself, for example by e-mail. Whoever has it can
        choose the password. It works once, until {formatDateTime(link.expires_at)}.
      </Notice>
      <CopyField
        label={link.purpose === "invitation" ? "Invitation link" : "Link to choose a password"}
        value={window.location.origin + link.path}
      />
      <div className={classes.buttons}>
        <Button onClick={onClose}>Done</Button>
      </div>
    </div>
  );
}
