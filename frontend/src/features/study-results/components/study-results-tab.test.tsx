import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import type { StudyRead } from "../../../shared/api/types";
import { renderWithQueries } from "../../../shared/testing/render-with-queries";
import { problem, server } from "../../../shared/testing/server";
import { makeOpenStudy, makeStudy } from "../../../shared/testing/study-fixtures";
import {
  makeChoiceResults,
  makeDiagnosisResults,
  makeLikertResults,
  makeLikertRow,
  makeStudyEstimate,
  makeStudyResults,
  makeTaskResults,
} from "../../../shared/testing/study-result-fixtures";
import { studyState } from "../../../shared/testing/study-server";
import { StudyResultsTab } from "./study-results-tab";

const closed = (overrides: Partial<StudyRead> = {}) =>
  makeOpenStudy({ status: "closed", results: "closed", ...overrides });

const plain = (text: string | null | undefined) => (text ?? "").replace(/\u202f/g, " ");
const rowWith = async (tableName: string, name: RegExp) => {
  const table = within(await screen.findByRole("table", { name: tableName }));
  const [cell] = table.getAllByRole("rowheader", { name });
  return plain(cell?.closest("tr")?.textContent);
};

/** No results may be asked for where nobody may see them: the fixture server would answer. */
function refuseResults() {
  let asked = 0;
  server.use(
    http.get("*/api/v1/reader-studies/:id/results", () => {
      asked += 1;
      return problem(403, "results_hidden", "Hidden.");
    }),
  );
  return () => asked;
}

describe("results that cannot be seen", () => {
  it("do not exist in a draft", () => {
    const asked = refuseResults();
    renderWithQueries(<StudyResultsTab study={makeStudy()} />);
    expect(screen.getByText("No results yet")).toBeInTheDocument();
    expect(asked()).toBe(0);
  });

  it("are hidden until closing, with the ways to see them", () => {
    const asked = refuseResults();
    renderWithQueries(<StudyResultsTab study={makeOpenStudy()} />);
    expect(screen.getByText("Results are hidden until the study is closed")).toBeInTheDocument();
    expect(screen.getByText(/5 of 10 answers are there/)).toBeInTheDocument();
    expect(screen.getByText(/amend the protocol/)).toBeInTheDocument();
    expect(asked()).toBe(0);
  });

  it("wait for the owner's closing where one only observes", () => {
    renderWithQueries(<StudyResultsTab study={makeOpenStudy({ role: "observer" })} />);
    expect(screen.getByText(/once the owner or a coordinator closes/)).toBeInTheDocument();
    expect(screen.queryByText(/amend the protocol/)).toBeNull();
  });

  it("are hidden from whoever still reads", () => {
    const asked = refuseResults();
    renderWithQueries(<StudyResultsTab study={makeOpenStudy({ results: "reading" })} />);
    expect(screen.getByText("You read in this study yourself")).toBeInTheDocument();
    expect(asked()).toBe(0);
  });

  it("may have been hidden since the study was read", async () => {
    refuseResults();
    renderWithQueries(<StudyResultsTab study={makeOpenStudy({ results: "live" })} />);
    expect(
      await screen.findByText("Results are hidden until the study is closed"),
    ).toBeInTheDocument();
  });

  it("say why they could not be computed", async () => {
    server.use(
      http.get(
        "*/api/v1/reader-studies/:id/results",
        () => problem(500, "x", "The database is locked."),
        { once: true },
      ),
    );
    const { user } = renderWithQueries(<StudyResultsTab study={closed()} />);
    expect(screen.getByRole("status")).toHaveTextContent(/^Computing the results.*up to half a/);
    expect(await screen.findByText("The database is locked.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("table", { name: "Ratings" })).toBeInTheDocument();
  });
});

describe("results", () => {
  it("begin with what they are of, and the files", async () => {
    studyState.results = makeStudyResults({ notes: ["R2 has not finished."] });
    renderWithQueries(<StudyResultsTab study={closed()} />);
    expect(await screen.findByText("21 of 22")).toBeInTheDocument();
    expect(screen.getByText("ab".repeat(32))).toBeInTheDocument();
    expect(screen.getByText("Bootstrap resamples").nextSibling).toHaveTextContent(
      /^2.?000, seed 0$/,
    );
    expect(screen.getByText("R2 has not finished.")).toBeInTheDocument();
    expect(screen.getAllByText(/95.% intervals/)).toHaveLength(1);
    const link = screen.getByRole("link", { name: "Report, PDF" });
    expect(link.getAttribute("href")).toMatch(/\/export\?format=pdf$/);
    expect(screen.queryByRole("link", { name: "iMRMC" })).toBeNull();
    expect(screen.queryByText("live")).toBeNull();
  });

  it("say when they are live, and are computed again on demand", async () => {
    let asked = 0;
    server.use(
      http.get("*/api/v1/reader-studies/:id/results", () => {
        asked += 1;
        return HttpResponse.json(makeStudyResults({ status: "open", answers: 20 + asked }));
      }),
    );
    const { user } = renderWithQueries(
      <StudyResultsTab study={makeOpenStudy({ results: "live" })} />,
    );
    expect(await screen.findByText("live")).toBeInTheDocument();
    expect(screen.getByText(/every figure may change/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Compute again" }));
    expect(await screen.findByText("22 of 22")).toBeInTheDocument();
  });

  it("stand in the form of the papers' table", async () => {
    renderWithQueries(<StudyResultsTab study={closed()} />);
    const name = "Localization and semantic alignment by data set";
    const table = within(await screen.findByRole("table", { name }));
    const average = table.getByRole("cell", { name: "Average" }).closest("tr");
    expect(plain(average?.textContent)).toContain("4.10 (3.70 to 4.50)");
    expect(plain(average?.textContent)).toContain("80.0 % 8/10 (49.0 % to 94.3 %)");
  });

  it("have no counts beside an average of several data sets, which is no share of them", async () => {
    const [one, average] = makeStudyResults().table;
    if (one === undefined || average === undefined) {
      throw new Error("no table");
    }
    studyState.results = makeStudyResults({ table: [one, { ...one, dataset: "isic" }, average] });
    renderWithQueries(<StudyResultsTab study={closed()} />);
    const name = "Localization and semantic alignment by data set";
    const table = within(await screen.findByRole("table", { name }));
    const words = (cell: string) =>
      plain(table.getByRole("cell", { name: cell }).closest("tr")?.textContent);
    expect(words("isic")).toContain("8/10");
    expect(words("Average")).toContain("80.0 % (49.0 % to 94.3 %)");
  });

  it("show ratings drawn and counted, by arm or by another level", async () => {
    const { user, container } = renderWithQueries(<StudyResultsTab study={closed()} />);
    const table = within(await screen.findByRole("table", { name: "Ratings" }));
    const cells = table.getAllByRole("row").map((row) =>
      within(row)
        .queryAllByRole("cell")
        .map(({ textContent }) => textContent),
    );
    expect(cells[1]?.slice(3, 9)).toEqual(["0", "1", "1", "4", "4", "1"]);
    const digits = container.querySelectorAll("tbody tr:first-child svg text");
    expect([...digits].map(({ textContent }) => textContent)).toEqual(["2", "3", "4", "5"]);
    expect(screen.getByRole("list", { name: "Ratings" })).toHaveTextContent("5 Perfectly aligned");
    await user.click(screen.getByRole("radio", { name: "By reader" }));
    expect(table.getByRole("columnheader", { name: "Reader" })).toBeInTheDocument();
    expect(table.getAllByRole("rowheader")).toHaveLength(1);
    expect(table.getByRole("cell", { name: "R1" })).toBeInTheDocument();
  });

  it("compare real maps with the sham, with the test's name", async () => {
    renderWithQueries(<StudyResultsTab study={closed()} />);
    const row = await rowWith("Real against sham", /Grad-CAM/);
    expect(row).toContain("+2.30 (+1.60 to +3.00)");
    expect(row).toContain("0.004sign-flip permutation, 20000.0635");
  });

  it("name the primary measure of agreement first", async () => {
    renderWithQueries(<StudyResultsTab study={closed()} />);
    const table = within(await screen.findByRole("table", { name: "Agreement between readers" }));
    const names = table.getAllByRole("rowheader").map(({ textContent }) => textContent);
    expect(names[0]).toBe("Krippendorff’s alpha, ordinal primary");
    expect(names[1]).toContain("quadratic");
  });

  it("give a sentence where there is no figure", async () => {
    const nothing = { value: null, low: null, high: null };
    studyState.results = makeStudyResults({
      tasks: [
        makeTaskResults({
          questions: [
            makeLikertResults({
              likert: [
                makeLikertRow({
                  counts: [0, 0, 0, 0, 0],
                  answers: 0,
                  median: null,
                  mean: makeStudyEstimate({ ...nothing, note: "Nobody has rated yet." }),
                }),
              ],
            }),
          ],
        }),
      ],
    });
    const { container } = renderWithQueries(<StudyResultsTab study={closed()} />);
    expect(await screen.findByText("Nobody has rated yet.")).toBeInTheDocument();
    expect(screen.getByText("Two pairs are too few for a kappa.")).toBeInTheDocument();
    expect(container.textContent).not.toMatch(/NaN|undefined|null/);
    const empty = [...container.querySelectorAll("td")].filter(
      (cell) => cell.textContent === "" && cell.querySelector("svg") === null,
    );
    expect(empty).toEqual([]);
  });

  it("show choices with their accuracy, and what was taken for what", async () => {
    studyState.results = makeStudyResults({
      tasks: [makeTaskResults({ kind: "alignment", questions: [makeChoiceResults()] })],
    });
    renderWithQueries(<StudyResultsTab study={closed()} />);
    expect(await rowWith("Right choices", /Grad-CAM/)).toContain("80.0 % 8/10 (49.0 % to 94.3 %)");
    const confusion = within(screen.getByRole("table", { name: "Right and chosen: Grad-CAM" }));
    const row = confusion.getByRole("rowheader", { name: /regular network/ }).closest("tr");
    expect(row).toHaveTextContent("regular network415");
  });

  it("compare diagnoses, and are exported for iMRMC then", async () => {
    studyState.results = makeStudyResults({ tasks: [makeDiagnosisResults()] });
    renderWithQueries(<StudyResultsTab study={closed()} />);
    const difference = await rowWith("Diagnosis: arms compared", /Grad-CAM/);
    expect(difference).toContain("+0.070 (−0.040 to +0.190)");
    expect(difference).toContain("0.210");
    expect(difference).toContain("+5.0 points");
    expect(await rowWith("Diagnosis: each reader", /Grad-CAM/)).toContain("mean0.860");
    expect(screen.getByRole("link", { name: "iMRMC" })).toBeInTheDocument();
  });

  it("name what to be careful with once, under the table", async () => {
    const mean = makeStudyEstimate({ note: "Only 7 images: the interval is rough." });
    studyState.results = makeStudyResults({
      table: [],
      tasks: [
        makeTaskResults({
          questions: [
            makeLikertResults({
              likert: [makeLikertRow({ mean }), makeLikertRow({ mean, arm_key: "sham" })],
            }),
          ],
        }),
      ],
    });
    renderWithQueries(<StudyResultsTab study={closed()} />);
    expect(await rowWith("Ratings", /Sham/)).toContain("4.10 (3.70 to 4.50)a");
    expect(screen.getAllByText(/the interval is rough/)).toHaveLength(1);
  });

  it("keep hundreds of pairs of readers for later", async () => {
    const [alpha, kappa] = makeLikertResults().agreement;
    const pairs = Array.from({ length: 30 }, (_, at) => ({
      ...(kappa as NonNullable<typeof kappa>),
      readers: ["R1", `R${at + 2}`],
    }));
    studyState.results = makeStudyResults({
      tasks: [
        makeTaskResults({
          questions: [makeLikertResults({ agreement: alpha ? [alpha, ...pairs] : pairs })],
        }),
      ],
    });
    const { user } = renderWithQueries(<StudyResultsTab study={closed()} />);
    await user.click(await screen.findByRole("button", { name: "Show all 30 pairs of readers" }));
    await waitFor(() => expect(screen.getByText("R1, R31")).toBeInTheDocument());
  });

  it("say that nobody has answered", async () => {
    studyState.results = makeStudyResults({
      answers: 0,
      table: [],
      readers: [],
      tasks: [makeTaskResults({ questions: [], times: [] })],
    });
    renderWithQueries(<StudyResultsTab study={closed()} />);
    expect(await screen.findByText("Nobody has answered in this task yet.")).toBeInTheDocument();
    expect(screen.getByText("Nobody was invited to read.")).toBeInTheDocument();
  });
});
