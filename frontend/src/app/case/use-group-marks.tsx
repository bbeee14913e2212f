import { useMemo } from "react";
import { useEvidence } from "../../features/evidence/api/get-evidence";
import { GroupReliability } from "../../features/evidence/components/group-reliability";
import { ReliabilityIcon } from "../../features/evidence/components/reliability-mark";
import { conceptsOf } from "../../features/evidence/lib/reliability";
import type { GroupMarks } from "../../features/predictions/lib/group-marks";

/** The measured reliability of a model's concepts, as marks beside them; null while or where there is none. */
export function useGroupMarks(modelVersionId: string) {
  const evidence = useEvidence(modelVersionId);
  const marks = useMemo<GroupMarks | null>(() => {
    const concepts = conceptsOf(evidence.data);
    return (
      concepts && {
        beside: (key, tabbable) => {
          const concept = concepts.get(key);
          return (
            concept && (
              <GroupReliability
                modelVersionId={modelVersionId}
                concept={concept}
                tabbable={tabbable}
              />
            )
          );
        },
        within: (key) => {
          const concept = concepts.get(key);
          return concept && <ReliabilityIcon reliability={concept.reliability} plain />;
        },
        words: (key) => {
          const concept = concepts.get(key);
          return concept ? `reliability ${concept.reliability}` : null;
        },
      }
    );
  }, [evidence.data, modelVersionId]);
  return { evidence, marks };
}
