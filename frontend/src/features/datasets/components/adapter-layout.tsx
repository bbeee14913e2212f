import type { DatasetAdapter } from "../../../shared/api/types";
import classes from "./adapter-layout.module.css";
import { LayoutTree } from "./layout-tree";

/** What belongs to a data set once it is downloaded, and where that is. */
export function AdapterLayout({ adapter }: { adapter: DatasetAdapter }) {
  const { layout, homepage, licence, citation, concept_set: conceptSet } = adapter;
  return (
    <>
      <div className={classes.tree}>
        <LayoutTree layout={layout} />
      </div>
      <dl className={classes.facts}>
        {conceptSet && <Fact term="Concepts">{conceptSet}</Fact>}
        {homepage && <Fact term="From">{homepage}</Fact>}
        {licence && <Fact term="Licence">{licence}</Fact>}
        {citation && <Fact term="Cite">{citation}</Fact>}
      </dl>
    </>
  );
}

/** Addresses stand as text: a reading room is often without internet, and nothing is fetched from elsewhere. */
function Fact({ term, children }: { term: string; children: string }) {
  return (
    <div className={classes.fact}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
