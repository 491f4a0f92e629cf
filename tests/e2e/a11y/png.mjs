// Pixels of a screenshot: a reader for what Chromium writes (8 bits, RGB or RGBA, not interlaced), and contrast.

import { inflateSync } from "node:zlib";

/** `{ width, height, at(x, y) }`; `at` is `[r, g, b]`. */
export const decode = (png) => {
  let width, height, channels;
  const parts = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (type == "IHDR") {
      [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
      const [depth, colour, , , interlaced] = data.subarray(8);
      channels = { 2: 3, 6: 4 }[colour];
      if (depth != 8 || !channels || interlaced) throw Error("a kind of PNG that is not read here");
    }
    if (type == "IDAT") parts.push(data);
    at += length + 12;
  }
  const rows = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)];
    const line = y * stride;
    for (let i = 0; i < stride; i++) {
      const left = i < channels ? 0 : pixels[line + i - channels];
      const up = y ? pixels[line - stride + i] : 0;
      const corner = y && i >= channels ? pixels[line - stride + i - channels] : 0;
      pixels[line + i] = rows[y * (stride + 1) + 1 + i] + predicted(filter, left, up, corner);
    }
  }
  return {
    width,
    height,
    at: (x, y) => {
      const start = y * stride + x * channels;
      return [pixels[start], pixels[start + 1], pixels[start + 2]];
    },
  };
};

const predicted = (filter, left, up, corner) => {
  if (filter == 0) return 0;
  if (filter == 1) return left;
  if (filter == 2) return up;
  if (filter == 3) return (left + up) >> 1;
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
};

/** Relative luminance, as WCAG has it. */
const luminance = (colour) => {
  const [r, g, b] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

/** The contrast of two colours, 1 to 21. */
export const contrast = (one, other) => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

/**
 * Compares two pictures within a box (in their pixels): how many pixels differ, how many of them at a contrast of
 * `least` or better, and the best contrast of all.
 */
export const compare = (before, after, { x, y, width, height }, least = 3) => {
  const found = { differ: 0, clear: 0, best: 1 };
  const [right, bottom] = [Math.min(before.width, x + width), Math.min(before.height, y + height)];
  for (let row = Math.max(0, y); row < bottom; row++)
    for (let column = Math.max(0, x); column < right; column++) {
      const [one, other] = [before.at(column, row), after.at(column, row)];
      if (one.every((value, i) => value == other[i])) continue;
      const ratio = contrast(one, other);
      found.differ++;
      if (ratio >= least) found.clear++;
      if (ratio > found.best) found.best = ratio;
    }
  return found;
};

/** The contrast of the colour that most of a box has with the one that stands out most from it. */
export const spread = (picture, { x, y, width, height }) => {
  const colours = new Map();
  for (let row = Math.max(0, y); row < Math.min(picture.height, y + height); row++)
    for (let column = Math.max(0, x); column < Math.min(picture.width, x + width); column++) {
      const colour = picture.at(column, row);
      colours.set(colour.join(), { colour, count: (colours.get(colour.join())?.count ?? 0) + 1 });
    }
  const all = [...colours.values()].sort((a, b) => b.count - a.count);
  return Math.max(1, ...all.map(({ colour }) => contrast(colour, all[0].colour)));
};
