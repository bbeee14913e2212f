import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { renderWithQueries } from "../testing/render-with-queries";
import { LineChart } from "./line-chart";
import type { ChartSeries } from "./line-chart-data";

const points = (values: (number | null)[]) => values.map((y, at) => ({ x: at + 1, y }));

const SERIES: ChartSeries[] = [
  { key: "train", label: "Training", points: points([0.9, 0.6, 0.4]) },
  { key: "validation", label: "Validation", points: points([1, 0.8, null]) },
];
const PARENT = [{ key: "parent", label: "Parent", value: 0.5 }];

function show(series = SERIES) {
  return renderWithQueries(
    <LineChart
      title="Loss"
      xLabel="Epoch"
      series={series}
      references={PARENT}
      empty="No epoch has ended."
    />,
  );
}

const slider = () => screen.getByRole("slider", { name: "Loss: values by epoch" });

describe("a line chart", () => {
  it("says what it waits for while there are no points", () => {
    show([{ key: "train", label: "Training", points: [] }]);
    expect(screen.getByText("No epoch has ended.")).toBeInTheDocument();
    expect(screen.queryByRole("slider")).toBeNull();
  });

  it("has the same data as a table", () => {
    show();
    const table = screen.getByRole("table", { name: "Loss; Parent 0.500" });
    const rows = within(table).getAllByRole("row");
    expect(rows.map((row) => row.textContent)).toEqual([
      "EpochTrainingValidation",
      "10.9001.000",
      "20.6000.800",
      "30.400not measured",
    ]);
  });

  it("shows the latest values in the legend, and those of the position that the keyboard chooses", async () => {
    const { user } = show();
    const validation = screen.getByRole("button", { name: /Validation/ });
    expect(validation).toHaveTextContent("0.800");
    slider().focus();
    await user.keyboard("{Home}");
    expect(validation).toHaveTextContent("1.000");
    expect(slider()).toHaveAttribute("aria-valuenow", "1");
    expect(slider()).toHaveAttribute("aria-valuetext", "Epoch 1: Training 0.900, Validation 1.000");
    await user.keyboard("{ArrowRight}{ArrowRight}");
    expect(slider()).toHaveAttribute("aria-valuetext", "Epoch 3: Training 0.400");
    expect(validation).toHaveTextContent("–");
    await user.keyboard("{Escape}");
    expect(validation).toHaveTextContent("0.800");
  });

  it("hides and shows lines", async () => {
    const { user } = show();
    const training = screen.getByRole("button", { name: /Training/ });
    expect(training).toHaveAttribute("aria-pressed", "true");
    await user.click(training);
    expect(training).toHaveAttribute("aria-pressed", "false");
    slider().focus();
    await user.keyboard("{Home}");
    expect(slider()).toHaveAttribute("aria-valuetext", "Epoch 1: Validation 1.000");
    await user.click(training);
    expect(training).toHaveAttribute("aria-pressed", "true");
  });
});
