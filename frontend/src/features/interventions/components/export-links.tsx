import { EXPORT_FORMATS, exportAddress } from "../lib/addresses";
import classes from "./intervention-list.module.css";

/** An intervention to take away. */
export function ExportLinks({ interventionId }: { interventionId: string }) {
  return EXPORT_FORMATS.map(({ format, label }) => (
    <a key={format} className={classes.link} href={exportAddress(interventionId, format)} download>
      {label}
    </a>
  ));
}
