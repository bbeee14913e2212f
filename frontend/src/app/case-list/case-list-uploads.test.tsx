import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { delay, HttpResponse, http } from "msw";
import { describe, expect, it, vi } from "vitest";
import { droppedFolder, fileEntry, folderEntry } from "../../shared/testing/dropped-folder";
import { makeCase } from "../../shared/testing/fixtures";
import { problem, server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const idOf = (number: number) => String(number).padStart(32, "0");

async function open(files: readonly FileSystemEntry[]) {
  const view = renderApp("/");
  await screen.findByText("No cases yet");
  fireEvent.drop(window, { dataTransfer: droppedFolder(folderEntry("scans", files)) });
  const tray = await screen.findByRole("complementary", { name: "Uploads" });
  return { ...view, batch: await within(tray).findByRole("region", { name: "Folder scans" }) };
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => fileEntry(`slice${index}`));

/** Answers uploads in turn; of more than there are, each becomes a new case. */
function answer(...answers: (() => Response)[]) {
  let count = 0;
  server.use(
    http.post("*/api/v1/cases", () => {
      count += 1;
      const next = answers.shift();
      return next ? next() : HttpResponse.json(makeCase({ id: idOf(count) }), { status: 201 });
    }),
  );
  return () => count;
}

describe("a folder", () => {
  it("ends with a report: stored, already there, to be looked at, not taken", async () => {
    answer(
      () => HttpResponse.json(makeCase({ id: idOf(1) }), { status: 201 }),
      () => HttpResponse.json(makeCase({ id: idOf(2) }), { status: 200 }),
      () => {
        const suspects = ["Text was found."];
        const waiting = makeCase({ id: idOf(3), review: "waiting", suspects });
        return HttpResponse.json(waiting, { status: 201 });
      },
      () => problem(415, "unsupported_image", "This is a PDF."),
    );
    const names = [".DS_Store", "a.png", "b.png", "c.dcm", "d.pdf"];
    const { batch, user, router } = await open(names.map((name) => fileEntry(name)));
    const words = "4 files: 1 stored, 1 already there, 1 needs a look, 1 not taken";
    expect(await within(batch).findByText(words)).toBeInTheDocument();
    expect(within(batch).getByText(/1 file of the operating system/)).toBeInTheDocument();
    // Explained is only what is new and waits for nobody.
    expect(state.asked).toHaveLength(1);
    expect(router.state.location.pathname).toBe("/");

    // What needs somebody is open by itself.
    expect(within(batch).getByText("This is a PDF.")).toBeInTheDocument();
    expect(within(batch).getByText("Text was found.")).toBeInTheDocument();
    expect(within(batch).getByRole("link", { name: "c.dcm" })).toHaveAttribute(
      "href",
      `/cases/${idOf(3)}`,
    );
    expect(within(batch).queryByText("b.png")).toBeNull();
    await user.click(within(batch).getByRole("button", { name: "All files (4)" }));
    expect(within(batch).getByText("already there")).toBeInTheDocument();
    expect(within(batch).getByRole("link", { name: "b.png" })).toHaveAttribute(
      "href",
      `/cases/${idOf(2)}`,
    );
  });

  it("gives its report as a table", async () => {
    answer(() => problem(415, "unsupported_image", "This is a PDF."));
    const { batch, user } = await open([fileEntry("a.png")]);
    const report = await within(batch).findByRole("button", { name: "Report of scans, CSV" });
    let table: Blob | null = null;
    URL.createObjectURL = (blob) => {
      table = blob as Blob;
      return "blob:report";
    };
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
    await user.click(report);
    const bytes = await (table as unknown as Blob).arrayBuffer();
    expect(new TextDecoder().decode(bytes)).toContain(
      "scans/a.png,1,not stored,This is a PDF.,,,Research use only. Not for diagnosis.",
    );
  });

  it("can be paused and goes on where it was", async () => {
    const answers: (() => void)[] = [];
    let asked = 0;
    server.use(
      http.post("*/api/v1/cases", async () => {
        asked += 1;
        const id = idOf(asked);
        await new Promise<void>((resolve) => answers.push(resolve));
        return HttpResponse.json(makeCase({ id }), { status: 201 });
      }),
    );
    const { batch, user } = await open(numbered(4));
    await waitFor(() => expect(asked).toBe(2));
    await user.click(within(batch).getByRole("button", { name: "Pause scans" }));
    for (const settle of answers.splice(0)) {
      settle();
    }
    expect(await within(batch).findByText(/2 of 4 files through/)).toHaveTextContent("Paused");
    expect(asked).toBe(2);
    await user.click(within(batch).getByRole("button", { name: "Go on with scans" }));
    await waitFor(() => expect(asked).toBe(4));
    for (const settle of answers.splice(0)) {
      settle();
    }
    expect(await within(batch).findByText("4 files: 4 stored")).toBeInTheDocument();
  });

  it("names its files by where they lie in it", async () => {
    answer(() => problem(415, "unsupported_image", "This is a PDF."));
    const { batch } = await open([folderEntry("left", [fileEntry("IM1")])]);
    expect(await within(batch).findByText("left/")).toBeInTheDocument();
    expect(within(batch).getByText("IM1")).toBeInTheDocument();
    expect(within(batch).queryByText(/scans\/left/)).toBeNull();
  });

  it("offers to send again what a second try can mend, not what was refused for good", async () => {
    const asked = answer(
      () => problem(415, "unsupported_image", "This is a PDF."),
      () => problem(422, "damaged_image", "The picture ends in the middle."),
      () => problem(500, "internal_error", "Something went wrong on the server."),
    );
    const { batch, user } = await open(numbered(3));
    expect(await within(batch).findByText("3 files: 0 stored, 3 not taken")).toBeInTheDocument();
    expect(within(batch).getAllByRole("button", { name: "Send again" })).toHaveLength(1);
    await user.click(
      within(batch).getByRole("button", { name: "Send failed ones of scans again" }),
    );
    expect(await within(batch).findByText("3 files: 1 stored, 2 not taken")).toBeInTheDocument();
    expect(asked()).toBe(4);
    expect(within(batch).queryByRole("button", { name: /again/ })).toBeNull();
  });

  it("pauses where the server's disk is full, and goes on when somebody has made room", async () => {
    const full = () => problem(507, "storage_full", "The server's disk is full.");
    const asked = answer(full, full);
    const { batch, user } = await open(numbered(4));
    expect(await within(batch).findByRole("alert")).toHaveTextContent(
      "Paused. The server's disk is full. Nothing more of it is sent until you press “Go on”.",
    );
    await waitFor(() => expect(asked()).toBe(2));
    expect(await within(batch).findByText("0 of 4 files through: 0 stored")).toBeInTheDocument();
    await user.click(within(batch).getByRole("button", { name: "Go on with scans" }));
    expect(await within(batch).findByText("4 files: 4 stored")).toBeInTheDocument();
    expect(within(batch).queryByRole("alert")).toBeNull();
  });

  it("can be paused while it is being listed", async () => {
    answer();
    const held: (() => void)[] = [];
    const slow = {
      ...fileEntry("slow"),
      file: (resolve: (file: File) => void) => held.push(() => resolve(new File(["x"], "slow"))),
    } as unknown as FileSystemEntry;
    const { batch, user } = await open([slow, fileEntry("zz")]);
    expect(within(batch).getByText("Looking at what is in it")).toBeInTheDocument();
    await user.click(within(batch).getByRole("button", { name: "Pause scans" }));
    expect(within(batch).getByText(/^Paused: not all/)).toBeInTheDocument();
    for (const settle of held) {
      settle();
    }
    await user.click(within(batch).getByRole("button", { name: "Go on with scans" }));
    expect(await within(batch).findByText("2 files: 2 stored")).toBeInTheDocument();
  });

  it("is not sent when it is paused before a file was opened", async () => {
    const asked = answer();
    const file = new File(["x"], "slow");
    let opened = () => {};
    const reading = new Promise<void>((resolve) => {
      opened = resolve;
    });
    file.slice = () => ({ arrayBuffer: () => reading }) as unknown as Blob;
    const slow = { ...fileEntry("slow"), file: (resolve: (file: File) => void) => resolve(file) };
    const { batch, user } = await open([slow as unknown as FileSystemEntry]);
    await user.click(await within(batch).findByRole("button", { name: "All files (1)" }));
    expect(within(batch).getByText("sending, 0 %")).toBeInTheDocument();
    await user.click(within(batch).getByRole("button", { name: "Pause scans" }));
    opened();
    expect(await within(batch).findByText("waiting")).toBeInTheDocument();
    expect(asked()).toBe(0);
    await user.click(within(batch).getByRole("button", { name: "Go on with scans" }));
    expect(await within(batch).findByText("1 file: 1 stored")).toBeInTheDocument();
  });

  it("can be cancelled, and sent after all", async () => {
    server.use(http.post("*/api/v1/cases", () => delay("infinite"), { once: true }));
    server.use(http.post("*/api/v1/cases", () => delay("infinite"), { once: true }));
    const { batch, user } = await open(numbered(3));
    await user.click(await within(batch).findByRole("button", { name: "Cancel scans" }));
    expect(await within(batch).findByText("3 files: 0 stored, 3 not taken")).toBeInTheDocument();
    expect(within(batch).getAllByText(/^Cancelled/)).toHaveLength(3);
    answer();
    await user.click(
      within(batch).getByRole("button", { name: "Send failed ones of scans again" }),
    );
    expect(await within(batch).findByText("3 files: 3 stored")).toBeInTheDocument();
    await user.click(within(batch).getByRole("button", { name: "Remove scans from this list" }));
    expect(screen.queryByRole("complementary", { name: "Uploads" })).toBeNull();
  });

  it("waits while the server is away, says so, and goes on by itself", async () => {
    const asked = answer(() => HttpResponse.error());
    const { batch } = await open(numbered(2));
    expect(await screen.findByRole("alert")).toHaveTextContent(/Sending goes on by itself/);
    fireEvent.online(window);
    expect(await within(batch).findByText("2 files: 2 stored")).toBeInTheDocument();
    expect(screen.queryByRole("alert")).toBeNull();
    expect(asked()).toBe(3);
  });

  it("has what was stored before the answer was lost explained", async () => {
    answer(
      () => HttpResponse.error(),
      () => HttpResponse.json(makeCase({ id: idOf(1) }), { status: 200 }),
    );
    const { batch } = await open(numbered(1));
    await screen.findByRole("alert");
    fireEvent.online(window);
    expect(await within(batch).findByText("1 file: 1 stored")).toBeInTheDocument();
    expect(state.asked).toHaveLength(1);
  });

  it("of hundreds draws a hundred lines at a time, and warns before the page is left", async () => {
    server.use(http.post("*/api/v1/cases", () => delay("infinite")));
    const { batch, user } = await open(numbered(250));
    expect(within(batch).queryAllByRole("listitem")).toHaveLength(0);
    await user.click(await within(batch).findByRole("button", { name: "All files (250)" }));
    expect(within(batch).getAllByRole("listitem")).toHaveLength(101);
    await user.click(within(batch).getByRole("button", { name: "Show more (150 left)" }));
    expect(within(batch).getAllByRole("listitem")).toHaveLength(201);
    expect(fireEvent(window, new Event("beforeunload", { cancelable: true }))).toBe(false);
  });

  it("is refused in words when there is nothing in it", async () => {
    const { batch } = await open([fileEntry(".hidden")]);
    expect(await within(batch).findByText("There is no file in it to add.")).toBeInTheDocument();
    expect(fireEvent(window, new Event("beforeunload", { cancelable: true }))).toBe(true);
  });
});

describe("a single file", () => {
  it("that is there already opens its case, without a new explanation", async () => {
    state.cases = [makeCase()];
    answer(() => HttpResponse.json(makeCase(), { status: 200 }));
    const { router } = renderApp("/");
    await screen.findByRole("link", { name: "Case 0123AB" });
    const files = [new File(["x"], "IM0001")];
    fireEvent.drop(window, { dataTransfer: { files, types: ["Files"] } });
    await waitFor(() => expect(router.state.location.pathname).toBe(`/cases/${makeCase().id}`));
    expect(state.asked).toEqual([]);
  });
});

describe("the buttons", () => {
  it("choose files of any ending, and folders", async () => {
    const { container } = renderApp("/");
    await screen.findByText("No cases yet");
    expect(screen.getByRole("button", { name: "Add a folder" })).toBeEnabled();
    const folder = container.querySelector<HTMLInputElement>("input[webkitdirectory]");
    const files = container.querySelector<HTMLInputElement>(
      "input[type=file]:not([webkitdirectory])",
    );
    expect(files).not.toHaveAttribute("accept");
    const inside = new File(["x"], "IM0001");
    Object.defineProperty(inside, "webkitRelativePath", { value: "disc/IM0001" });
    if (folder) {
      fireEvent.change(folder, { target: { files: [inside] } });
    }
    const batch = await screen.findByRole("region", { name: "Folder disc" });
    expect(await within(batch).findByText("1 file: 1 stored")).toBeInTheDocument();
  });
});
