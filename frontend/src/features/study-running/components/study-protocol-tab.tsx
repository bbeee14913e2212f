import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import type { StudyRead } from "../../../shared/api/types";
import { Section } from "../../../shared/components/section";
import { useStudyItems } from "../api/list-study-items";
import { useStudyProtocols } from "../api/list-study-protocols";
import { useMayRun } from "../lib/may-run";
import { AmendDialog } from "./amend-dialog";
import { ItemTable } from "./item-table";
import { Loaded } from "./loaded";
import { ProtocolVersion } from "./protocol-version";
import classes from "./running.module.css";
import { StillReading } from "./still-reading";

/** The protocol's versions, and the items that were frozen with it. */
export function StudyProtocolTab({ study }: { study: StudyRead }) {
  if (study.protocol_version === 0) {
    return (
      <div className={classes.tab}>
        <p className={classes.notice}>
          There is no protocol yet. Publishing freezes the design, gives it a version and a hash,
          and draws every reader’s order.
        </p>
      </div>
    );
  }
  return (
    <div className={classes.tab}>
      <Versions study={study} />
      <Section
        title="Items"
        hint="Fixed at publication: every image under every arm of its tasks, with what readers do not know."
      >
        {study.results === "reading" ? <StillReading what="items" /> : <Items study={study} />}
      </Section>
    </div>
  );
}

function Versions({ study }: { study: StudyRead }) {
  const protocols = useStudyProtocols(study.id);
  const mayAmend = useMayRun(study) && study.status === "open";
  const [amending, setAmending] = useState(false);
  return (
    <Section
      title="Versions"
      hint="Each version carries the hash of the one before. The hash is that of the protocol in the JSON export, so a report can be checked against it."
      actions={
        mayAmend && (
          <Button
            variant="default"
            leftSection={<IconPencil size={14} />}
            onClick={() => setAmending(true)}
          >
            Amend …
          </Button>
        )
      }
    >
      <Loaded query={protocols} what="versions">
        {(items) => (
          <ol className={classes.versions} reversed>
            {items.toReversed().map((protocol, index) => (
              <ProtocolVersion
                key={protocol.version}
                study={study}
                protocol={protocol}
                current={index === 0}
              />
            ))}
          </ol>
        )}
      </Loaded>
      {amending && <AmendDialog study={study} onClose={() => setAmending(false)} />}
    </Section>
  );
}

function Items({ study }: { study: StudyRead }) {
  const items = useStudyItems(study.id);
  return (
    <Loaded query={items} what="items">
      {(found) => <ItemTable design={study.design} items={found} />}
    </Loaded>
  );
}
