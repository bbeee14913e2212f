import { BlobWriter, TextReader, Uint8ArrayReader, ZipWriter } from "@zip.js/zip.js";
import { describe, expect, it } from "vitest";
import { BatchGate } from "./upload-gate";
import { MOST_FILES } from "./upload-source";
import { harmlessPath, listZip } from "./upload-zip";

const MEGABYTE = 1_000_000;
const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_RECORD = 0x02014b50;
const END_RECORD_BYTES = 22;
const gate = new BatchGate();

type Options = NonNullable<Parameters<ZipWriter<Blob>["add"]>[2]>;

async function makeZip(entries: [name: string, content: Uint8Array | string, options?: Options][]) {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false, dataDescriptor: false });
  for (const [name, content, options] of entries) {
    const reader =
      typeof content === "string" ? new TextReader(content) : new Uint8ArrayReader(content);
    await writer.add(name, reader, options);
  }
  return new File([await writer.close()], "made.zip");
}

/** Changes the size that the zip states before an entry and in its directory, as a crafted one does. */
async function lying(zip: File, uncompressed: number): Promise<File> {
  const bytes = new Uint8Array(await zip.arrayBuffer());
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 4 < bytes.length; at++) {
    const signature = view.getUint32(at, true);
    if (signature === DIRECTORY_RECORD || signature === LOCAL_HEADER) {
      view.setUint32(at + (signature === LOCAL_HEADER ? 22 : 24), uncompressed, true);
    }
  }
  return new File([bytes], "lying.zip");
}

/** A zip whose directory names its only entry `times` times. */
async function repeating(zip: File, times: number): Promise<File> {
  const bytes = new Uint8Array(await zip.arrayBuffer());
  const view = new DataView(bytes.buffer);
  const end = bytes.length - END_RECORD_BYTES;
  const begin = view.getUint32(end + 16, true);
  view.setUint16(end + 8, times, true);
  view.setUint16(end + 10, times, true);
  view.setUint32(end + 12, times * (end - begin), true);
  const record = bytes.slice(begin, end);
  const records = Array.from({ length: times }, () => record);
  return new File([bytes.slice(0, begin), ...records, bytes.slice(end)], "repeating.zip");
}

async function list(zip: File, largest = 50 * MEGABYTE) {
  const { files, leftOut } = await listZip(zip, largest, gate);
  return { files, leftOut, rows: files.map(({ source, problem }) => [source.path, problem]) };
}

describe("a zip", () => {
  it("is unpacked entry by entry, byte for byte", async () => {
    const content = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 31) % 251);
    const zip = await makeZip([
      ["scans/a.png", content],
      ["scans/IM0001", "stored", { level: 0 }],
    ]);
    const { files } = await list(zip);
    expect(files.map(({ source }) => [source.name, source.path, source.size])).toEqual([
      ["a.png", "scans/a.png", 70_000],
      ["IM0001", "scans/IM0001", 6],
    ]);
    const first = await files[0]?.source.open();
    expect(first?.name).toBe("a.png");
    expect(new Uint8Array((await first?.arrayBuffer()) ?? [])).toEqual(content);
    expect(await (await files[1]?.source.open())?.text()).toBe("stored");
    // Once more, as after a lost connection.
    expect((await files[0]?.source.open())?.size).toBe(70_000);
  });

  it("leaves out what the operating system put there", async () => {
    const zip = await makeZip([
      ["__MACOSX/._a.png", "x"],
      [".DS_Store", "x"],
      ["deep/Thumbs.db", "x"],
      ["a.png", "x"],
    ]);
    expect(await list(zip)).toMatchObject({ leftOut: 3, rows: [["a.png", undefined]] });
  });

  it("names what it cannot take: encrypted, too large, a zip, a link", async () => {
    const zip = await makeZip([
      ["secret.png", "x", { password: "p", zipCrypto: true }],
      ["secret-too.png", "x", { password: "p" }],
      ["large.tif", new Uint8Array(3000)],
      ["inner.zip", "x"],
      ["link.png", "/etc/passwd", { unixMode: 0o120777 }],
      ["fine.png", "x"],
    ]);
    const { rows } = await list(zip, 2000);
    expect(rows).toEqual([
      ["secret.png", "Encrypted with a password. Unpack the zip, and add the folder."],
      ["secret-too.png", "Encrypted with a password. Unpack the zip, and add the folder."],
      ["large.tif", "3.0\u202fkB unpacked; the server takes files of at most 2.0\u202fkB."],
      ["inner.zip", "A zip inside the zip. Unpack it, and add it on its own."],
      ["link.png", "A link to another file, not a file."],
      ["fine.png", undefined],
    ]);
  });

  it("is refused whole when it is made to fill a memory", async () => {
    const honest = await makeZip([["a.dcm", new Uint8Array(MEGABYTE)]]);
    await expect(list(await lying(honest, 3_900_000_000))).rejects.toThrow(
      /unpacks to 3\.9\u202fGB, more than 100 times its size/,
    );
    // A thousandfold, but small: a blank image.
    expect((await list(honest)).rows).toEqual([["a.dcm", undefined]]);
  });

  it("never unpacks more than it said", async () => {
    const zip = await lying(await makeZip([["a.png", new Uint8Array(5 * MEGABYTE)]]), 100);
    const { files } = await list(zip);
    expect(files[0]?.source.size).toBe(100);
    await expect(files[0]?.source.open()).rejects.toThrow(/another size than the zip says/);
  });

  it("is refused with more entries than anybody would read", async () => {
    const zip = await repeating(await makeZip([["a.png", "x"]]), MOST_FILES + 1);
    await expect(list(zip)).rejects.toThrow("The zip holds more than 5000 files.");
  });

  it("gives bytes that several entries share only once", async () => {
    const { files } = await list(await repeating(await makeZip([["a.png", "x"]]), 2));
    expect(files).toHaveLength(2);
    expect(await (await files[0]?.source.open())?.text()).toBe("x");
    await expect(files[1]?.source.open()).rejects.toThrow(/shares its bytes/);
  });

  it("is told apart from what is none, and from a damaged one", async () => {
    await expect(list(new File(["no zip at all"], "a.zip"))).rejects.toThrow(/cannot be read/);
    await expect(list(new File([], "empty.zip"))).rejects.toThrow(/cannot be read/);
    const whole = await makeZip([["a.png", "x".repeat(5000)]]);
    await expect(list(new File([whole.slice(0, 60)], "cut.zip"))).rejects.toThrow(/cannot be read/);
    const bytes = new Uint8Array(
      await (await makeZip([["a.png", "abc", { level: 0 }]])).arrayBuffer(),
    );
    const at = bytes.findIndex((byte, index) => byte === 97 && bytes[index + 1] === 98);
    bytes[at] = 120;
    const { files } = await list(new File([bytes], "damaged.zip"));
    await expect(files[0]?.source.open()).rejects.toThrow(/this part of the zip is damaged/);
  });

  it("has names that lead nowhere", async () => {
    const zip = await makeZip([
      ["../../etc/passwd.png", "1"],
      ["/abs/a.png", "2"],
      ["C:\\Users\\b.png", "3"],
      ["..\\..\\c.png", "4"],
      ["evil\u202egnp.exe", "5"],
    ]);
    const { rows, files } = await list(zip);
    expect(rows.map(([path]) => path)).toEqual([
      "etc/passwd.png",
      "abs/a.png",
      "Users/b.png",
      "c.png",
      "evilgnp.exe",
    ]);
    expect((await files[0]?.source.open())?.name).toBe("passwd.png");
    expect(harmlessPath("../..")).toBe("without a name");
  });

  it("is not unpacked any further when somebody pauses", async () => {
    const content = Uint8Array.from({ length: 300_000 }, (_, index) => (index * index) % 253);
    const { files } = await list(await makeZip([["a.png", content]]));
    let asked = 0;
    const stopped = files[0]?.source.open(() => {
      asked += 1;
      return true;
    });
    await expect(stopped).rejects.toThrow();
    expect(asked).toBe(1);
    expect((await files[0]?.source.open(() => false))?.size).toBe(300_000);
  });

  it("stops when it is cancelled", async () => {
    const zip = await makeZip([["a.png", "x"]]);
    const stopped = new BatchGate();
    stopped.end();
    await expect(listZip(zip, MEGABYTE, stopped)).rejects.toThrow();
  });
});
