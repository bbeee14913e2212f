import { Button } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { messageOf } from "../../../shared/api/api-error";
import type { ConceptSetContent, RevisionSummary } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { Notice } from "../../../shared/components/notice";
import { QueryError } from "../../../shared/components/query-error";
import { Section } from "../../../shared/components/section";
import { COPIED_MILLISECONDS, useCopy } from "../../../shared/hooks/use-copy";
import { useCheckYaml } from "../api/check-concept-set";
import { useRevisionYaml, yamlUrl } from "../api/get-revision-yaml";
import { ChangeBox } from "./change-list";
import { YamlInput } from "./yaml-input";
import classes from "./yaml-panel.module.css";

interface YamlPanelProps {
  revision: RevisionSummary;
  /** The draft goes on from this one; null: nothing can be changed. */
  baseId: string | null;
  name: string;
  changed: boolean;
  onReplace: (content: ConceptSetContent) => void;
}

/** The set as a file: out of Vitrine, and into the draft. */
export function YamlPanel({ revision, baseId, name, changed, onReplace }: YamlPanelProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
    <section className={classes.page} aria-label="The set as YAML" tabIndex={0}>
      <Section
        title={`Revision ${revision.number} as a file`}
        hint={
          changed
            ? "As it was saved last; the draft is not in it."
            : "The commands “vitrine concepts check” and “vitrine train” read it."
        }
      >
        <Export revision={revision} />
      </Section>
      {baseId !== null && (
        <Section
          title="Replace the draft by a file"
          hint={`The name in it must be “${name}”. What would change is shown before; undo brings the draft back.`}
        >
          <Import key={baseId} baseId={baseId} name={name} onReplace={onReplace} />
        </Section>
      )}
    </section>
  );
}

function Export({ revision }: { revision: RevisionSummary }) {
  const [shown, setShown] = useState(false);
  const yaml = useRevisionYaml(revision.id, shown);
  const { state, copy } = useCopy(() => yaml.data ?? "", COPIED_MILLISECONDS);
  return (
    <>
      <div className={classes.buttons}>
        <Button
          component="a"
          variant="default"
          href={yamlUrl(revision.id)}
          download
          leftSection={<IconDownload size={14} aria-hidden />}
        >
          Download
        </Button>
        {!shown && (
          <Button variant="default" onClick={() => setShown(true)}>
            Show
          </Button>
        )}
        {yaml.data !== undefined && (
          <Button
            variant="default"
            leftSection={
              state === "copied" ? (
                <IconCheck size={14} aria-hidden />
              ) : (
                <IconCopy size={14} aria-hidden />
              )
            }
            onClick={() => void copy()}
          >
            {state === "copied" ? "Copied" : "Copy"}
          </Button>
        )}
      </div>
      {state === "failed" && (
        <p role="alert">
          The browser does not allow copying here. Select the text and press Ctrl+C.
        </p>
      )}
      {shown && yaml.isPending && <Busy>Reading the file</Busy>}
      {yaml.isError && (
        <QueryError
          title="The file could not be read"
          error={yaml.error}
          onRetry={() => void yaml.refetch()}
        />
      )}
      {yaml.data !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
        <pre className={classes.text} tabIndex={0}>
          {yaml.data}
        </pre>
      )}
    </>
  );
}

interface ImportProps {
  baseId: string;
  name: string;
  onReplace: (content: ConceptSetContent) => void;
}

function Import({ baseId, name, onReplace }: ImportProps) {
  const [text, setText] = useState("");
  const check = useCheckYaml(baseId);
  const found = check.data;
  const otherName = found?.content && found.content.name !== name ? found.content.name : null;
  const problems = otherName
    ? [`name: is '${otherName}', but this set is '${name}'. Change it in the file.`]
    : (found?.problems ?? []);
  return (
    <div className={classes.import}>
      <YamlInput
        value={text}
        onChange={(next) => {
          setText(next);
          check.reset();
        }}
      />
      <div className={classes.buttons}>
        <Button
          variant="default"
          disabled={text.trim() === ""}
          loading={check.isPending}
          onClick={() => check.mutate(text)}
        >
          Check it
        </Button>
      </div>
      {check.isError && (
        <Notice tone="error" title="It could not be checked" live>
          {messageOf(check.error)}
        </Notice>
      )}
      {problems.length > 0 && (
        <Notice tone="error" title="It does not hold together" live>
          <ul style={{ margin: 0, paddingLeft: 16 }}>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      {found?.content && problems.length === 0 && (
        <>
          <ChangeBox
            changes={found.changes ?? []}
            label="What the file changes"
            none="The file says what the revision says."
          />
          <div className={classes.buttons}>
            <Button onClick={() => found.content && onReplace(found.content)}>
              Replace the draft
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
