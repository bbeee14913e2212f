import type { DatasetDetail } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";
import classes from "./unreadable-files.module.css";

/** Files that the import had to leave out, each with its reason. */
export function UnreadableFiles({ files }: { files: DatasetDetail["unreadable"] }) {
  return (
    <section className={classes.section} aria-labelledby="unreadable">
      <h2 id="unreadable">Files that could not be read</h2>
      {files.length === 0 ? (
        <p className={classes.none}>None: every file of the data set was read.</p>
      ) : (
        <>
          <p className={classes.none}>
            {formatCount(files.length)} {files.length === 1 ? "file" : "files"} could not be used.
            If the set should be whole, download {files.length === 1 ? "it" : "them"} again and
            import anew.
          </p>
          <div className={classes.scroll}>
            <table className={classes.table}>
              <thead>
                <tr>
                  <th scope="col">File</th>
                  <th scope="col">Reason</th>
                </tr>
              </thead>
              <tbody>
                {files.map(({ key, reason }) => (
                  <tr key={key}>
                    <td>
                      <code>{key}</code>
                    </td>
                    <td>{reason}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}
