import type { ImagesStepProps } from "../lib/step-props";
import { ChosenImages } from "./chosen-images";
import { Said } from "./field";
import { ImagePicker } from "./image-picker";
import classes from "./images-step.module.css";

/** Which images are read: what there is to choose from on one side, what was chosen on the other. */
export function ImagesStep(props: ImagesStepProps) {
  return (
    <div className={classes.columns} data-field="cases">
      <div className={classes.part}>
        <Said path="cases" problems={props.problems} />
        <ImagePicker {...props} />
      </div>
      <div className={classes.part}>
        <ChosenImages {...props} />
      </div>
    </div>
  );
}
