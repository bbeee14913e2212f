import type { ReactNode } from "react";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";
import classes from "./model-card.module.css";

/** The card that comes with a model's weights. */
export function ModelCard({ card }: { card: string }) {
  return (
    <section className={classes.card} aria-label="Model card">
      {/* Text only: react-markdown renders no HTML of the card, and images would leave this server. */}
      <Markdown remarkPlugins={[remarkGfm]} disallowedElements={["img"]} components={HEADINGS}>
        {card}
      </Markdown>
    </section>
  );
}

/** The page has the first level. */
const HEADINGS = {
  h1: ({ children }: { children?: ReactNode }) => <h2>{children}</h2>,
  h2: ({ children }: { children?: ReactNode }) => <h3>{children}</h3>,
  h3: ({ children }: { children?: ReactNode }) => <h4>{children}</h4>,
};
