import { describe, expect, it } from "vitest";
import { makeCluster } from "../../../shared/testing/dataset-fixtures";
import { formatSimilarity, labelsOf, similarityWords } from "./clusters";

describe("groups of copies", () => {
  it("name each label once", () => {
    expect(labelsOf(makeCluster())).toEqual(["benign", "normal"]);
  });

  it("give one similarity or a range", () => {
    expect(similarityWords(makeCluster())).toBe("similarity 0.987");
    const pairs = [
      { a: 1, b: 2, similarity: 0.951 },
      { a: 1, b: 3, similarity: 1 },
    ];
    expect(similarityWords(makeCluster({ pairs }))).toBe("similarity 0.951 to 1.000");
    expect(similarityWords(makeCluster({ pairs: [] }))).toBe("similarity not recorded");
  });

  it("never round a near copy up to the same image", () => {
    expect(formatSimilarity(0.99996)).toBe(">0.999");
    expect(formatSimilarity(1)).toBe("1.000");
  });
});
