import type { DatasetSizes } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";
import classes from "./image-sizes.module.css";

const SIDES = ["width", "height"] as const;

/** How large the images are, which tells whether they will be enlarged for a model. */
export function ImageSizes({ sizes }: { sizes: DatasetSizes }) {
  return (
    <table className={classes.table}>
      <caption className={classes.caption}>Sides of the images in pixels</caption>
      <thead>
        <tr>
          <th scope="col">Side</th>
          <th scope="col">Smallest</th>
          <th scope="col">Median</th>
          <th scope="col">Largest</th>
        </tr>
      </thead>
      <tbody>
        {SIDES.map((side) => (
          <tr key={side}>
            <th scope="row">{side}</th>
            <td>{formatCount(sizes[`min_${side}`])}</td>
            <td>{formatCount(sizes[`median_${side}`])}</td>
            <td>{formatCount(sizes[`max_${side}`])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
