import { describe, expect, it } from "vitest";
import { type LayoutNode, layoutForms } from "./layout-tree";

/** "a/(b.png … | c/(d))" is easier to compare than nested objects. */
function drawn(nodes: readonly LayoutNode[]): string {
  return nodes
    .map(({ name, folder, many, note, children }) =>
      [
        `${name}${folder ? "/" : ""}`,
        children.length > 0 ? `(${drawn(children)})` : "",
        many ? " …" : "",
        note ? ` [${note}]` : "",
      ].join(""),
    )
    .join(" | ");
}

function tree(...lines: string[]): string {
  return layoutForms(lines.join("\n"))
    .map(({ title, nodes }) => (title ? `${title}: ${drawn(nodes)}` : drawn(nodes)))
    .join(" || ");
}

describe("layouts", () => {
  it("join lines that begin with the same folders, in their order", () => {
    expect(tree("benign/a.png …", "benign/b.csv", "normal/a.png …")).toBe(
      "benign/(a.png … | b.csv) | normal/(a.png …)",
    );
  });

  it("keep brackets that belong to a name", () => {
    expect(tree("benign/benign (1).png, benign/benign (1)_mask.png …")).toBe(
      "benign/(benign (1).png | benign (1)_mask.png …)",
    );
  });

  it("put names without a folder beside the first of their line", () => {
    expect(tree("CUB/images.txt, classes.txt", "other.csv")).toBe(
      "CUB/(images.txt | classes.txt) | other.csv",
    );
  });

  it("take remarks in brackets, and words that are no path, for remarks", () => {
    expect(tree("Labels.csv (image,MEL,NV; (0 or 1))", "Test_Input/, Truth/ (optional)")).toBe(
      "Labels.csv [image,MEL,NV; (0 or 1)] | Test_Input/ | Truth/ [optional]",
    );
    expect(tree("<class>/<image>.png (or .jpg) …, for at least two classes")).toBe(
      "<class>/(<image>.png … [or .jpg, for at least two classes])",
    );
    expect(tree("A/x.tif …", "  with the folders ADI BACK", "B/x.tif")).toBe(
      "A/(x.tif … [with the folders ADI BACK]) | B/(x.tif)",
    );
    expect(tree("<any name>.csv with the columns image and label,", "the images, below it")).toBe(
      "<any name>.csv [with the columns image and label] |  [the images, below it]",
    );
  });

  it("tell forms of one download apart", () => {
    expect(tree("py/batch_1 … batch_5, meta", "or bin/batch_1.bin, meta.txt")).toBe(
      "py/(batch_1 … batch_5 | meta) || or: bin/(batch_1.bin | meta.txt)",
    );
    expect(tree("as on Kaggle:", "  a/b.csv", "or from image-net.org:", "  c.csv")).toBe(
      "as on Kaggle: a/(b.csv) || or from image-net.org: c.csv",
    );
    expect(tree("a/b.png", "or with a level above: train/<class>/…, test/<class>/…")).toBe(
      "a/(b.png) || or with a level above: train/(<class>/ …) | test/(<class>/ …)",
    );
  });

  it("of nothing are nothing", () => {
    expect(layoutForms("  \n")).toEqual([]);
  });
});
