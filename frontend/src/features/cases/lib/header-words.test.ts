import { describe, expect, it } from "vitest";
import { bodyPartWords, filenameWords, modalityWords } from "./header-words";

describe("words of a header", () => {
  it("name the modality, with its term beside it", () => {
    expect(modalityWords("US")).toBe("Ultrasound (US)");
    expect(modalityWords("CT")).toBe("Computed tomography (CT)");
    expect(modalityWords("KO")).toBe("KO");
    expect(modalityWords(null)).toBe("the file does not say");
  });

  it("name the body part", () => {
    expect(bodyPartWords("BREAST")).toBe("Breast");
    expect(bodyPartWords("TSPINE")).toBe("Thoracic spine");
    expect(bodyPartWords(null)).toBe("the file does not say");
  });

  it("say why a file has no name", () => {
    expect(filenameWords({ filename: "a.png", source_format: "png" })).toBe("a.png");
    expect(filenameWords({ filename: null, source_format: "dicom" })).toMatch(/not kept/);
    expect(filenameWords({ filename: null, source_format: "png" })).toMatch(/owner/);
  });
});
