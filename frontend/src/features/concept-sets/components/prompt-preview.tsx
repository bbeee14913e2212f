import type { ConceptGroup } from "../../../shared/api/types";
import { fillPrompt } from "../lib/content";
import classes from "./fields.module.css";

interface PromptPreviewProps {
  prompt: string;
  group: ConceptGroup;
  /** Key of the option that is looked at. */
  current?: string | undefined;
}

/** What the text encoder reads for every option of a group: they should differ in their words. */
export function PromptPreview({ prompt, group, current }: PromptPreviewProps) {
  return (
    <div>
      <p className={classes.label}>What the text encoder reads</p>
      <ul className={classes.prompts} aria-label={`Prompts of ${group.name || group.key}`}>
        {group.options.map((option) => (
          <li key={option.key} aria-current={option.key === current || undefined}>
            {fillPrompt(prompt, group.name.trim() || "…", option.text.trim() || "…")}
          </li>
        ))}
      </ul>
    </div>
  );
}
