import { messageOf } from "../../../shared/api/api-error";
import type { Case, Example } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { Notice } from "../../../shared/components/notice";
import { QueryError } from "../../../shared/components/query-error";
import { capitalized } from "../../../shared/lib/format";
import { useCreateCaseFromExample } from "../api/create-case-from-example";
import { exampleImageUrl, useExamples } from "../api/list-examples";
import { byModality } from "../lib/by-modality";
import classes from "./example-gallery.module.css";

const SIDE = 256;

/** Synthetic images to try the application with, by modality. Choosing one makes a case of it. */
export function ExampleGallery({ onCreated }: { onCreated: (created: Case) => void }) {
  const examples = useExamples();
  const create = useCreateCaseFromExample(onCreated);
  if (examples.isPending) {
    return <Busy>Loading the examples</Busy>;
  }
  if (examples.isError) {
    return (
      <QueryError
        title="The examples could not be read"
        error={examples.error}
        onRetry={() => void examples.refetch()}
      />
    );
  }
  if (examples.data.length === 0) {
    return <p className={classes.empty}>This installation has no examples.</p>;
  }
  return (
    <>
      {create.isError && (
        <Notice tone="error" title="No case was made of the example" live>
          {messageOf(create.error)}
        </Notice>
      )}
      {byModality(examples.data).map(([modality, entries]) => (
        <section key={modality} className={classes.modality} aria-label={capitalized(modality)}>
          <h3>{capitalized(modality)}</h3>
          <ul className={classes.gallery}>
            {entries.map((example) => (
              <li key={example.key}>
                <ExampleButton
                  example={example}
                  busy={create.isPending && create.variables === example.key}
                  disabled={create.isPending}
                  onClick={() => create.mutate(example.key)}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

interface ExampleButtonProps {
  example: Example;
  busy: boolean;
  disabled: boolean;
  onClick: () => void;
}

function ExampleButton({ example, busy, disabled, onClick }: ExampleButtonProps) {
  return (
    <button
      type="button"
      className={classes.example}
      aria-busy={busy}
      disabled={disabled}
      onClick={onClick}
    >
      <img src={exampleImageUrl(example.key, SIDE)} alt="" loading="lazy" />
      <span className={classes.title}>{example.title}</span>
      {!example.title.includes(example.class_name) && (
        <span className={classes.className}>{example.class_name}</span>
      )}
    </button>
  );
}
