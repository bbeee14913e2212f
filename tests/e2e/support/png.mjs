/** Makes small RGB images, so that a test can upload or import its own. */

import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A dark round spot on skin colour. */
export function spotImage(width = 320, height = 240) {
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const distance = Math.hypot(x - width / 2, y - height / 2) / (height / 3);
      const spot = Math.max(0, Math.min(1, 1.2 - distance));
      const at = y * (1 + 3 * width) + 1 + 3 * x;
      rows[at] = 222 - 120 * spot;
      rows[at + 1] = 180 - 120 * spot;
      rows[at + 2] = 160 - 110 * spot + ((x * 7 + y * 13) % 5);
    }
  }
  return encode(rows, width, height);
}

const PATCHES = 6;

/** Patches of random grey: another picture for every seed, and always the same for one. */
export function patternImage(seed, side = 96) {
  const random = randomNumbers(seed);
  const greys = Array.from({ length: PATCHES * PATCHES }, () => 40 + 200 * random());
  const rows = Buffer.alloc(side * (1 + 3 * side));
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const patch = PATCHES * Math.floor((PATCHES * y) / side) + Math.floor((PATCHES * x) / side);
      rows.fill(greys[patch], y * (1 + 3 * side) + 1 + 3 * x, y * (1 + 3 * side) + 4 + 3 * x);
    }
  }
  return encode(rows, side, side);
}

/** mulberry32 */
function randomNumbers(seed) {
  let state = seed * 0x9e3779b1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function encode(rows, width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunks = [
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ];
  return Buffer.concat([SIGNATURE, ...chunks]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
