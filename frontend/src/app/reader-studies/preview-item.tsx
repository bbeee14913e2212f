import { useState } from "react";
import { ItemView } from "../../features/readings/components/item-view";
import type { Answers } from "../../features/readings/lib/given";
import type { StudyPreview } from "../../shared/api/types";

/** An item as the reading room draws it. It can be tried; nothing is kept. */
export function PreviewItem({ item }: { item: StudyPreview }) {
  const [answers, setAnswers] = useState<Answers>({});
  const [cannotJudge, setCannotJudge] = useState(false);
  return (
    <ItemView
      content={item.content}
      image={item.image}
      width={item.width}
      height={item.height}
      answers={answers}
      onAnswer={(key, answer) =>
        setAnswers(({ [key]: _before, ...others }) =>
          answer === null ? others : { ...others, [key]: answer },
        )
      }
      cannotJudge={cannotJudge}
      onCannotJudge={setCannotJudge}
      readOnly={false}
    />
  );
}
