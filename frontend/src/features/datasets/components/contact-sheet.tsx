import { useDisclosure } from "@mantine/hooks";
import { IconZoomIn } from "@tabler/icons-react";
import { useState } from "react";
import type { Dataset } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { contactSheetUrl } from "../api/get-dataset";
import { headings } from "../lib/status";
import classes from "./contact-sheet.module.css";

/** A few images of each class, small; a click shows the sheet as large as the window. */
export function ContactSheet({ dataset }: { dataset: Dataset }) {
  const [opened, { open, close }] = useDisclosure(false);
  const [missing, setMissing] = useState(false);
  const { main } = headings(dataset);
  const url = contactSheetUrl(dataset.id);
  if (missing) {
    return <p className={classes.missing}>The contact sheet could not be read.</p>;
  }
  return (
    <>
      <button type="button" className={classes.sheet} onClick={open}>
        <img
          src={url}
          alt={`Contact sheet of ${main}: a few images of each class`}
          onError={() => setMissing(true)}
        />
        <span className={classes.hint}>
          <IconZoomIn size={14} aria-hidden /> Enlarge
        </span>
      </button>
      <Dialog opened={opened} onClose={close} title={`${main}: contact sheet`} width={1400}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a small screen, and the keyboard must be able to */}
        <section className={classes.scroll} aria-label="The sheet" tabIndex={0}>
          <img src={url} alt={`Contact sheet of ${main}, enlarged`} className={classes.large} />
        </section>
      </Dialog>
    </>
  );
}
