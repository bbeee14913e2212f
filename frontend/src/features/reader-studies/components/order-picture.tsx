import type { StudyDesign } from "../../../shared/api/types";
import { armsOf, PICTURE_IMAGES, pictureOf } from "../lib/order-picture";
import { letter } from "./arms-step";
import classes from "./order-picture.module.css";

/** Who sees which image under which arm in which session, for the first few of each. */
export function OrderPicture({ design }: { design: StudyDesign }) {
  const { separation, washout_days: days } = design.order;
  const arms = armsOf(design.tasks);
  if (arms === 0) {
    return null;
  }
  const rows = pictureOf(separation, arms);
  const sessions = rows[0]?.sessions ?? [];
  return (
    <figure className={classes.figure}>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <caption className="visually-hidden">Who sees which image under which arm</caption>
          <thead>
            <tr>
              <td />
              {sessions.map((_, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: sessions have nothing but their number
                <th key={at} scope="col">
                  Session {at + 1}
                  {at > 0 && `, ${days} days later`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.reader}>
                <th scope="row">Reader {row.reader}</th>
                {row.sessions.map((images, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <td key={at}>
                    <Images images={images} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <figcaption className={classes.caption}>
        The first {PICTURE_IMAGES} images, as squares; the letters are arms. Within a session the
        order is random, and another one for every reader.
      </figcaption>
    </figure>
  );
}

function Images({ images }: { images: number[][] }) {
  return (
    <span className={classes.images}>
      {images.map((arms, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an image of the picture is its place
        <span key={at} className={classes.image} title={`Image ${at + 1}`}>
          <span className="visually-hidden">image {at + 1}: </span>
          {arms.map(letter).join(" ")}
        </span>
      ))}
    </span>
  );
}
