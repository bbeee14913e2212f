/** Numbers and dates as the whole application writes them. */

/** 0.8714 → "87.1 %". Never rounds to a certainty that was not there. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  if (percent > 99.9 && percent < 100) {
    return ">99.9\u202f%";
  }
  if (percent > 0 && percent < 0.1) {
    return "<0.1\u202f%";
  }
  return `${percent.toFixed(1)}\u202f%`;
}

/** "breast ultrasound" → "Breast ultrasound", for headings. */
export function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** 10015 → "10 015", with a narrow space that never breaks. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** With sign and a real minus, so that columns line up: +0.42, −1.30, 0.00. */
export function formatSigned(value: number, digits = 2): string {
  const rounded = Math.abs(value).toFixed(digits);
  if (Number(rounded) === 0) {
    return rounded;
  }
  return `${value < 0 ? "−" : "+"}${rounded}`;
}

/** A number with a real minus. */
export function formatNumber(value: number, digits = 2): string {
  const rounded = Math.abs(value).toFixed(digits);
  return value < 0 && Number(rounded) !== 0 ? `−${rounded}` : rounded;
}

export function formatMilliseconds(milliseconds: number): string {
  if (milliseconds >= 1000) {
    return `${(milliseconds / 1000).toFixed(1)}\u202fs`;
  }
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)}\u202fms`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) {
    return `${bytes}\u202fB`;
  }
  const units = ["kB", "MB", "GB"];
  let value = bytes;
  let unit = "B";
  for (const next of units) {
    if (value < 1000) {
      break;
    }
    value /= 1000;
    unit = next;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)}\u202f${unit}`;
}

/** 2026-11-21 14:05, in local time: unambiguous in every country. */
export function formatDateTime(iso: string): string {
  const date = new Date(iso);
  const pad = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}
