import { Notice } from "../../shared/components/notice";

/** What would be left undone; nothing where there is nothing. */
export function UnsavedWork({ work }: { work: readonly string[] }) {
  if (work.length === 0) {
    return null;
  }
  return (
    <Notice tone="warning" title="Not everything is done" live>
      {work.map((text) => (
        <p key={text} style={{ margin: "2px 0" }}>
          {text}
        </p>
      ))}
    </Notice>
  );
}
