import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import type { ReadingItem, ReadingRead } from "../../shared/api/types";
import { PASSWORD, READER } from "../../shared/testing/account-fixtures";
import { accounts, signInAs } from "../../shared/testing/account-server";
import { makeReading, makeReadingItem } from "../../shared/testing/reading-fixtures";
import { readingState } from "../../shared/testing/reading-server";
import { problem, server } from "../../shared/testing/server";
import { makeAlignmentContent, makeItemContent } from "../../shared/testing/study-fixtures";
import { renderApp } from "../testing/render-app";

const ADDRESS = `/readings/${makeReading().study_id}/read`;
const ids = ["61", "62", "63"].map((part) => part.repeat(16)) as [string, string, string];

const DIAGNOSIS = makeItemContent({
  kind: "diagnosis",
  task_title: "Diagnosis",
  prompt: "Which diagnosis fits best?",
  concept: null,
  map: null,
  clinical_information: "Woman, 54, growing lesion.",
  suggestion: {
    class_name: "Melanoma",
    probability: 0.81,
    concepts: [{ group: "Pattern", option: "atypical network", probability: 0.7 }],
  },
  questions: [
    {
      key: "class",
      kind: "choice",
      text: "Which class?",
      anchors: [],
      options: [
        { key: "nv", text: "Naevus" },
        { key: "mel", text: "Melanoma" },
      ],
      required: true,
    },
    {
      key: "confidence",
      kind: "scale",
      text: "How sure are you?",
      anchors: ["Not sure", "Sure"],
      options: [],
      required: true,
    },
  ],
});

function items(): ReadingItem[] {
  return [
    makeReadingItem({ id: ids[0], practice: true }),
    makeReadingItem({ id: ids[1], number: 2, content: makeAlignmentContent() }),
    makeReadingItem({ id: ids[2], number: 3, content: DIAGNOSIS }),
  ];
}

function open(overrides: Partial<ReadingRead> = {}) {
  signInAs(READER);
  readingState.readings = [makeReading({ status: "reading", total: 3, ...overrides })];
  return renderApp(ADDRESS);
}

/** The item's question is there and its image painted: time counts and keys answer. */
async function itemShown(question: string | RegExp) {
  const group = await screen.findByRole("group", { name: question });
  await waitFor(() => expect(screen.queryByText("Loading the image")).toBeNull());
  await act(async () => {
    await new Promise((resolve) => setTimeout(resolve, 40));
  });
  return group;
}

const RATING = "How well does the map lie on the concept?";
const CONCEPT = "Which concept does the map show?";

describe("the reading room", () => {
  beforeEach(() => {
    readingState.items = items();
  });

  it("can be walked through with the keyboard alone", async () => {
    const { user } = open();
    const rating = await itemShown(RATING);
    expect(rating).toHaveFocus();
    expect(screen.getByText("Practice, does not count")).toBeInTheDocument();
    expect(screen.getByText("regular network")).toBeInTheDocument();
    await user.keyboard("4{Enter}");

    await itemShown(CONCEPT);
    expect(screen.queryByText("Practice, does not count")).toBeNull();
    await user.keyboard("3");
    expect(screen.getByRole("radio", { name: /blue-white veil/ })).toBeChecked();
    // Before it is submitted, another digit corrects it.
    await user.keyboard("2c");
    await user.keyboard("Round, x of them.{Escape}{Enter}");

    await itemShown("Which class?");
    expect(screen.getByText("Woman, 54, growing lesion.")).toBeInTheDocument();
    expect(screen.getByRole("region", { name: "What a model suggests" })).toHaveTextContent(
      "Melanoma (81.0",
    );
    await user.keyboard("2");
    expect(screen.getByRole("textbox", { name: "How sure are you?, 0 to 100" })).toHaveFocus();
    await user.keyboard("85{Enter}");

    expect(
      await screen.findByRole("heading", { name: "Thank you. You have read every item" }),
    ).toBeInTheDocument();
    expect(readingState.answered.map(({ answers }) => answers)).toEqual([
      { rating: 4 },
      { concept: "b" },
      { class: "mel", confidence: 85 },
    ]);
    expect(readingState.answered[1]?.comment).toBe("Round, x of them.");
    expect(Object.keys(localStorage).filter((key) => key.includes(READER.id))).toEqual([]);
  });

  it("says what is missing, and goes there", async () => {
    readingState.items = items().slice(2);
    const { user } = open();
    await itemShown("Which class?");
    expect(screen.getByText("2 answers are missing.")).toBeInTheDocument();
    await user.keyboard("1{Enter}");
    expect(screen.getByText("One answer is missing.")).toBeInTheDocument();
    expect(screen.getByText("An answer is needed here.")).toBeInTheDocument();
    const field = screen.getByRole("textbox", { name: "How sure are you?, 0 to 100" });
    expect(field).toHaveFocus();
    await user.keyboard("7");
    expect(screen.queryByText("An answer is needed here.")).toBeNull();
    expect(readingState.answered).toEqual([]);
  });

  it("takes 'cannot judge' by key, and by the box where it is offered", async () => {
    const { user } = open();
    await itemShown(RATING);
    await user.keyboard("x");
    expect(screen.getByRole("checkbox", { name: /I cannot judge this/ })).toBeChecked();
    expect(screen.getByRole("radio", { name: /Perfectly aligned/ })).toBeDisabled();
    await user.keyboard("{Enter}");
    await itemShown(CONCEPT);
    expect(readingState.answered).toMatchObject([{ cannot_judge: true, answers: {} }]);
  });

  it("offers no 'cannot judge' where the task has none", async () => {
    readingState.items = [makeReadingItem({ content: makeItemContent({ cannot_judge: false }) })];
    const { user } = open();
    await itemShown(RATING);
    await user.keyboard("x");
    expect(screen.queryByRole("checkbox", { name: /cannot judge/ })).toBeNull();
    expect(screen.getByRole("radio", { name: /Perfectly aligned/ })).toBeEnabled();
  });

  it("hides the item in a pause", async () => {
    const { user } = open();
    await itemShown(RATING);
    await user.keyboard("3p");
    expect(screen.getByRole("heading", { name: "Paused" })).toBeInTheDocument();
    expect(screen.queryByRole("img")).toBeNull();
    expect(screen.queryByText("regular network")).toBeNull();
    await user.keyboard("{Enter}");
    await itemShown(RATING);
    expect(screen.getByRole("radio", { name: /Partly aligned/ })).toBeChecked();
  });

  it("shows and hides the map by key", async () => {
    const { user } = open();
    await itemShown(RATING);
    const map = screen.getByRole("img", { name: "Image to be judged, with the map over it" });
    await user.keyboard("o");
    expect(map).toHaveAccessibleName("Image to be judged");
    expect(screen.getByRole("button", { name: /Map hidden/ })).toBeInTheDocument();
    await user.keyboard("o");
    fireEvent.keyDown(document.body, { key: "h" });
    expect(map).toHaveAccessibleName("Image to be judged");
    fireEvent.keyUp(document.body, { key: "h" });
    expect(map).toHaveAccessibleName("Image to be judged, with the map over it");
  });

  it("helps and asks the coordinator without losing the item", async () => {
    const { user } = open();
    await itemShown(RATING);
    await user.keyboard("?");
    const help = await screen.findByRole("dialog", { name: "Help" });
    expect(within(help).getByText("Look at the image first.")).toBeInTheDocument();
    await user.keyboard("5{Enter}{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(screen.getByRole("radio", { name: /Perfectly aligned/ })).not.toBeChecked();
    await user.keyboard("q");
    await user.type(await screen.findByLabelText(/Your question/), "Is the ruler meant?");
    await user.click(screen.getByRole("button", { name: "Send" }));
    await user.click(await screen.findByRole("button", { name: "Go on" }));
    expect(readingState.asked).toEqual([{ text: "Is the ruler meant?", assignment_id: ids[0] }]);
    expect(screen.getByRole("radio", { name: /Perfectly aligned/ })).toBeInTheDocument();
  });

  it("tells where one is, unless the study hides it", async () => {
    const { unmount } = open();
    await itemShown(RATING);
    expect(screen.getByRole("progressbar", { name: "Items done in this session" })).toHaveAttribute(
      "max",
      "3",
    );
    expect(screen.getAllByText("Item 1 of 3").length).toBeGreaterThan(0);
    unmount();
    open({ show_progress: false });
    await itemShown(RATING);
    expect(screen.queryByRole("progressbar")).toBeNull();
    expect(screen.queryByText(/of 3/)).toBeNull();
  });

  it("tells nothing but what the server sent: neither in title nor address, text nor attributes", async () => {
    const { container, router } = open();
    await itemShown(RATING);
    expect(document.title).toBe("Reading room · Vitrine");
    expect(router.state.location.pathname).toBe(ADDRESS);
    const markup = container.innerHTML;
    for (const secret of [ids[0], ids[1], "localization", "AED//w=="]) {
      expect(markup).not.toContain(secret);
    }
  });
});

describe("saving in the reading room", () => {
  beforeEach(() => {
    readingState.items = items();
  });

  it("keeps drafts on the server and takes them up again", async () => {
    const { user, unmount } = open();
    await itemShown(RATING);
    await user.keyboard("2");
    expect(await screen.findByText("Saved")).toBeInTheDocument();
    expect(readingState.drafts.at(-1)).toMatchObject({
      id: ids[0],
      body: { answers: { rating: 2 } },
    });
    unmount();
    localStorage.clear();
    open();
    await itemShown(RATING);
    expect(screen.getByRole("radio", { name: /Mostly misaligned/ })).toBeChecked();
  });

  it("goes on without a network, says so, and loses nothing", async () => {
    let away = true;
    const cut = () => (away ? HttpResponse.error() : undefined);
    server.use(http.post("*/api/v1/reader-studies/:id/responses", cut));
    const { user } = open();
    await itemShown(RATING);
    await user.keyboard("5{Enter}");
    await itemShown(CONCEPT);
    expect(await screen.findByText("The answer to item 1 is not saved yet")).toBeInTheDocument();
    await user.keyboard("1{Enter}");
    expect(
      screen.getByText("Submitted as soon as the answer before it is saved."),
    ).toBeInTheDocument();
    away = false;
    await user.click(screen.getByRole("button", { name: "Try now" }));
    await itemShown("Which class?");
    expect(readingState.responses.map(({ answers }) => answers)).toEqual([
      { concept: "a" },
      { rating: 5 },
    ]);
  });

  it("waits for a new sign-in, and goes on", async () => {
    const { user } = open();
    await itemShown(RATING);
    accounts.session = { ...accounts.session, account: null };
    await user.keyboard("5{Enter}");
    const dialog = await screen.findByRole("dialog", { name: "Your session has ended" });
    await user.type(within(dialog).getByLabelText(/^Password/), PASSWORD);
    await user.click(within(dialog).getByRole("button", { name: "Sign in" }));
    await waitFor(() => expect(readingState.responses).toHaveLength(1));
    await itemShown(CONCEPT);
  });

  it("says a word when another item comes first", async () => {
    const { user } = open();
    await itemShown(RATING);
    readingState.items = readingState.items.slice(1);
    await user.keyboard("5{Enter}");
    await itemShown(CONCEPT);
    expect(await screen.findByText(/Your answer to item 1 was not taken/)).toBeInTheDocument();
  });
});

describe("the reading room without an item", () => {
  it("loads", async () => {
    server.use(
      http.get("*/api/v1/reader-studies/:id/next", () => new Promise<HttpResponse<null>>(() => {})),
    );
    open();
    expect(await screen.findByText("Loading the next item")).toBeInTheDocument();
  });

  it("says that the item could not be loaded, and tries again", async () => {
    server.use(
      http.get(
        "*/api/v1/reader-studies/:id/next",
        () => problem(404, "reading_not_found", "You are not a reader of a study with this id."),
        { once: true },
      ),
    );
    const { user } = open();
    expect(await screen.findByText(/You are not a reader of a study/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await itemShown(RATING);
  });

  it("says that the image could not be loaded, and takes no answer until it is there", async () => {
    server.use(
      http.get(
        "*/api/v1/readings/:id/items/:item/image",
        () => problem(404, "reading_item_not_found", "There is no such item in your order."),
        { once: true },
      ),
    );
    const { user } = open();
    expect(await screen.findByText("The image could not be loaded")).toBeInTheDocument();
    await user.keyboard("3{Enter}");
    expect(readingState.answered).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await itemShown(RATING);
    await user.keyboard("{Enter}");
    await waitFor(() => expect(readingState.answered).toHaveLength(1));
  });

  it("ends a session with the day on which the next one opens", async () => {
    readingState.items = items().slice(0, 1);
    readingState.afterwards = "washout";
    const { user } = open({ opens_at: "2026-12-19T09:30:00Z" });
    await itemShown(RATING);
    await user.keyboard("3{Enter}");
    expect(
      await screen.findByRole("heading", { name: "This session is done" }),
    ).toBeInTheDocument();
    expect(screen.getByText(/The next session opens on 2026-12-19/)).toBeInTheDocument();
  });

  it("says that the study was closed", async () => {
    open({ status: "closed" });
    expect(await screen.findByRole("heading", { name: "The study is closed" })).toBeInTheDocument();
  });

  it("sends those who have not begun to the instructions", async () => {
    const { router } = open({ status: "invited" });
    expect(await screen.findByRole("button", { name: "Begin reading" })).toBeInTheDocument();
    expect(router.state.location.pathname).toBe(`/readings/${makeReading().study_id}`);
  });
});
