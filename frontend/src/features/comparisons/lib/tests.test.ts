import { describe, expect, it } from "vitest";
import { makeComparisonContent } from "../../../shared/testing/comparison-fixtures";
import { mcnemarSentence, permutationSentence } from "./tests";

describe("tests in sentences", () => {
  it("say what was counted and how likely it is", () => {
    expect(mcnemarSentence(makeComparisonContent())).toMatch(
      /exact.*A alone is right on 4 images, B alone on 11 images; p = 0\.118/,
    );
    expect(permutationSentence(makeComparisonContent())).toMatch(
      /B − A is \+0\.013, from 15 independent units .* differ; with 10\u202f000 random swaps.*p = 0\.021/,
    );
  });

  it("say one image, all swaps and small probabilities as they are", () => {
    const { mcnemar, permutation } = makeComparisonContent();
    expect(
      mcnemarSentence({ mcnemar: { ...mcnemar, only_a: 1, method: "chi-squared", p_value: 1e-5 } }),
    ).toMatch(/chi-squared.*right on 1 image, .*p < 0\.001/);
    expect(
      permutationSentence({ permutation: { ...permutation, permutations: 4, exact: true } }),
    ).toMatch(/with all 4 ways to swap the two/);
  });

  it("say when there is nothing to test", () => {
    const { mcnemar, permutation } = makeComparisonContent();
    const none = { ...mcnemar, method: "none", p_value: null } as const;
    expect(mcnemarSentence({ mcnemar: none })).toMatch(/no class is known/);
    const alike = { ...none, only_a: 0, only_b: 0, p_value: 1 };
    expect(mcnemarSentence({ mcnemar: alike })).toMatch(/right on the same images/);
    expect(permutationSentence({ permutation: { ...permutation, p_value: null } })).toMatch(
      /nothing to test/,
    );
  });
});
