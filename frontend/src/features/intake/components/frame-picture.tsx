import { useEffect, useRef } from "react";
import type { Case } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import { useFrameImage } from "../api/get-frame-image";
import classes from "./review-picture.module.css";

interface FramePictureProps {
  entry: Case;
  frame: number;
  /** What it shows, for those who do not see it. */
  name: string;
  onShown: (frame: number) => void;
}

/** One frame, drawn. The frame of before stays until the next one is there. */
export function FramePicture({ entry, frame, name, onShown }: FramePictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = useFrameImage(entry, frame);
  const { data } = image;
  useEffect(() => {
    const element = canvas.current;
    if (element && data) {
      element.width = data.width;
      element.height = data.height;
      element.getContext("2d")?.drawImage(data, 0, 0);
      onShown(frame);
    }
  }, [data, frame, onShown]);
  return (
    <>
      <canvas
        ref={canvas}
        className={classes.canvas}
        role="img"
        aria-label={name}
        aria-busy={image.isPending}
      />
      {image.isPending && (
        <div className={classes.state}>
          <Busy>Loading the picture</Busy>
        </div>
      )}
      {image.isError && (
        <div className={classes.state} data-solid>
          <QueryError
            title="The picture could not be read"
            error={image.error}
            onRetry={() => void image.refetch()}
          />
        </div>
      )}
    </>
  );
}
