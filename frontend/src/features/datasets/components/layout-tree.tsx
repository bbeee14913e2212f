import { IconFile, IconFiles, IconFolder } from "@tabler/icons-react";
import { type LayoutNode, layoutForms } from "../lib/layout-tree";
import classes from "./layout-tree.module.css";

/** The files that an adapter expects, as they lie below the chosen folder. */
export function LayoutTree({ layout }: { layout: string }) {
  return (
    <div className={classes.tree}>
      {layoutForms(layout).map(({ title, nodes }) => (
        <div key={`${title} ${nodes[0]?.name}`}>
          {title && <p className={classes.form}>{title}</p>}
          <Nodes nodes={nodes} />
        </div>
      ))}
    </div>
  );
}

function Nodes({ nodes }: { nodes: readonly LayoutNode[] }) {
  return (
    <ul className={classes.level}>
      {nodes.map((node) => (
        <li key={`${node.name}${node.note}`}>
          <Node node={node} />
          {node.children.length > 0 && <Nodes nodes={node.children} />}
        </li>
      ))}
    </ul>
  );
}

function Node({ node }: { node: LayoutNode }) {
  if (!node.name) {
    return <span className={classes.note}>{node.note}</span>;
  }
  const Icon = node.folder ? IconFolder : node.many ? IconFiles : IconFile;
  return (
    <span className={classes.node}>
      <Icon size={13} className={classes.icon} aria-hidden />
      <span>
        <code className={classes.name}>
          {node.name}
          {node.folder && "/"}
          {node.many && " …"}
        </code>
        {node.note && <span className={classes.note}> {node.note}</span>}
      </span>
    </span>
  );
}
