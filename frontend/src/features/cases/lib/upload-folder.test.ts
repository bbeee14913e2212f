import { describe, expect, it } from "vitest";
import { fileEntry, folderEntry } from "../../../shared/testing/dropped-folder";
import { readDrop, sortDrop } from "./upload-drop";
import { listChosenFolder, listFolder } from "./upload-folder";
import { BatchGate } from "./upload-gate";
import { isLeftOut, MOST_FILES, sourceOf } from "./upload-source";

const gate = new BatchGate();

function chosen(path: string): File {
  const file = new File(["x"], path.slice(path.lastIndexOf("/") + 1));
  Object.defineProperty(file, "webkitRelativePath", { value: path });
  return file;
}

describe("a dropped folder", () => {
  it("is listed in rounds, however deep, in the order that people count in", async () => {
    const many = Array.from({ length: 250 }, (_, index) => fileEntry(`slice${index}`));
    const folder = folderEntry("study", [folderEntry("series", many), fileEntry("note.png")]);
    const { files } = await listFolder(folder, gate);
    expect(files).toHaveLength(251);
    const paths = files.map(({ source }) => source.path);
    expect(paths.slice(0, 3)).toEqual([
      "study/note.png",
      "study/series/slice0",
      "study/series/slice1",
    ]);
    expect(paths[11]).toBe("study/series/slice10");
    expect((await files[0]?.source.open())?.name).toBe("note.png");
  });

  it("leaves out what is hidden or the operating system's, and counts it", async () => {
    const folder = folderEntry("study", [
      fileEntry(".DS_Store"),
      fileEntry("Thumbs.db"),
      folderEntry(".git", [fileEntry("config")]),
      folderEntry("__MACOSX", [fileEntry("._a.png")]),
      fileEntry("a.png"),
    ]);
    const { files, leftOut } = await listFolder(folder, gate);
    expect(files.map(({ source }) => source.name)).toEqual(["a.png"]);
    expect(leftOut).toBe(4);
  });

  it("gives zips back on their own", async () => {
    const { files, zips } = await listFolder(
      folderEntry("study", [fileEntry("more.ZIP"), fileEntry("a.dcm")]),
      gate,
    );
    expect(files.map(({ source }) => source.name)).toEqual(["a.dcm"]);
    expect(zips.map(({ name }) => name)).toEqual(["more.ZIP"]);
  });

  it("names what cannot be read, and goes on", async () => {
    const locked = {
      ...fileEntry("locked.png"),
      file: (_: unknown, reject: (error: unknown) => void) => reject(new Error("NotReadable")),
    } as FileSystemFileEntry;
    const closed = {
      ...folderEntry("closed", []),
      createReader: () => ({
        readEntries: (_: unknown, reject: (error: unknown) => void) => reject(new Error("no")),
      }),
    } as unknown as FileSystemDirectoryEntry;
    const { files } = await listFolder(
      folderEntry("study", [locked, closed, fileEntry("ok.png")]),
      gate,
    );
    expect(files.map(({ source, problem }) => [source.name, problem?.slice(0, 25)])).toEqual([
      ["closed", "The folder cannot be read"],
      ["locked.png", "The file cannot be read. "],
      ["ok.png", undefined],
    ]);
  });

  it("is refused when it holds too many, or goes down without end", async () => {
    const many = Array.from({ length: MOST_FILES + 1 }, (_, index) => fileEntry(`${index}`));
    await expect(listFolder(folderEntry("all", many), gate)).rejects.toThrow(/more than 5000/);
    const loop = folderEntry("loop", []);
    loop.createReader = folderEntry("loop", [loop]).createReader;
    const { files } = await listFolder(loop, gate);
    expect(files.map(({ problem }) => problem)).toEqual([
      "Folders lie more than 64 deep here; move it further up.",
    ]);
  });

  it("is not read any further while it is paused", async () => {
    const opened: string[] = [];
    const paused = new BatchGate();
    const entries = ["a.png", "b.png", "c.png"].map((name) => ({
      ...fileEntry(name),
      file: (resolve: (file: File) => void) => {
        opened.push(name);
        paused.pause();
        resolve(new File(["x"], name));
      },
    }));
    const listing = listFolder(folderEntry("study", entries as FileSystemFileEntry[]), paused);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(opened).toEqual(["a.png"]);
    paused.goOn();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(opened).toEqual(["a.png", "b.png"]);
    paused.goOn();
    await new Promise((resolve) => setTimeout(resolve, 0));
    paused.goOn();
    expect((await listing).files).toHaveLength(3);
  });

  it("stops when it is cancelled", async () => {
    const stopped = new BatchGate();
    stopped.end();
    await expect(listFolder(folderEntry("a", [fileEntry("b")]), stopped)).rejects.toThrow();
  });
});

describe("a chosen folder", () => {
  it("keeps its paths, without what is hidden", () => {
    const files = ["scans/a.dcm", "scans/deep/IM0001", "scans/.hidden/x", "scans/b.zip"];
    const listed = listChosenFolder(files.map(chosen));
    expect(listed.files.map(({ source }) => source.path)).toEqual([
      "scans/a.dcm",
      "scans/deep/IM0001",
    ]);
    expect(listed).toMatchObject({ leftOut: 1, zips: [{ name: "b.zip" }] });
  });
});

describe("what is dropped", () => {
  it("is sorted into files, folders and zips", () => {
    const folder = folderEntry("study", []);
    const item = (file: File) => ({
      kind: "file",
      getAsFile: () => file,
      webkitGetAsEntry: () => null,
    });
    const dropped = readDrop({
      items: [
        { kind: "file", getAsFile: () => null, webkitGetAsEntry: () => folder },
        item(new File(["x"], "IM0001")),
        item(new File(["x"], "b.zip")),
        { kind: "string" },
      ],
    } as unknown as DataTransfer);
    const sorted = sortDrop(dropped);
    expect(sorted.folders).toEqual([folder]);
    expect(sorted.single.map(({ name }) => name)).toEqual(["IM0001"]);
    expect(sorted.zips.map(({ name }) => name)).toEqual(["b.zip"]);
  });

  it("is a batch where files are many", () => {
    const files = Array.from({ length: 11 }, (_, index) => new File(["x"], `${index}.png`));
    expect(sortDrop({ files, folders: [] })).toMatchObject({ single: [], many: files });
    expect(sortDrop({ files: files.slice(1), folders: [] })).toMatchObject({ many: [] });
  });

  it("is found out when it cannot be read any more", async () => {
    const file = new File(["x"], "gone.png");
    file.slice = () =>
      ({ arrayBuffer: () => Promise.reject(new Error("NotFound")) }) as unknown as Blob;
    await expect(sourceOf(file).open()).rejects.toThrow(/cannot be read any more/);
  });

  it("knows hidden files by any part of their path", () => {
    expect(["a/.b/c.png", "__MACOSX/._x", "x\\.y"].every(isLeftOut)).toBe(true);
    expect(["a/b.png", "../x.png", "./x.png", "IM0001"].some(isLeftOut)).toBe(false);
  });
});
