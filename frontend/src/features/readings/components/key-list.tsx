import { Kbd } from "@mantine/core";
import classes from "./room.module.css";

interface KeyListProps {
  title: string;
  shortcuts: readonly { keys: readonly string[]; action: string }[];
}

export function KeyList({ title, shortcuts }: KeyListProps) {
  return (
    <section className={classes.keys}>
      <h3>{title}</h3>
      <dl>
        {shortcuts.map(({ keys, action }) => (
          <div key={action}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key} size="xs">
                  {key}
                </Kbd>
              ))}
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
