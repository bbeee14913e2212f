import classes from "./drop-curtain.module.css";

/** Covers the page while files are dragged over it. */
export function DropCurtain() {
  return (
    <div className={classes.curtain}>
      <div className={classes.text}>
        <p>Drop images to add them as cases</p>
        <p className={classes.note}>
          DICOM, PNG, JPEG, JPEG 2000, TIFF, WebP or BMP. Folders and zips of them are fine.
        </p>
      </div>
    </div>
  );
}
