// What can only be measured in pixels: contrast of texts, of what is chosen, and of the focus ring.

import { compare, decode, spread } from "./png.mjs";

/** Pixels of a picture to a CSS pixel: enough for a letter's strokes to have their full colour. */
const SHARP = 2;

/** A part of the window as a picture. */
const shoot = async (page, clip) => {
  page.ax ??= await page.createCDPSession();
  const { data } = await page.ax.send("Page.captureScreenshot", {
    format: "png",
    optimizeForSpeed: true,
    clip: { ...clip, x: clip.x + clip.scroll.x, y: clip.y + clip.scroll.y, scale: SHARP },
  });
  return Object.assign(decode(Buffer.from(data, "base64")), { clip });
};

/** A box of the window, `more` around it, as one of the picture's. */
const scaled = ({ x, y, width, height }, { clip }, more = 0) => ({
  x: Math.floor((x - clip.x - more) * SHARP),
  y: Math.floor((y - clip.y - more) * SHARP),
  width: Math.ceil((width + 2 * more) * SHARP),
  height: Math.ceil((height + 2 * more) * SHARP),
});

/**
 * Every text against what is behind it: the same picture with and without the texts. Forced colours cannot be taken off a
 * text, so there its box alone is looked at.
 */
const texts = async (page, before, { least, forced }) => {
  const places = await page.evaluate(() => a11y.places());
  await page.evaluate(() => a11y.mute(true));
  const mute = forced ? undefined : await shoot(page, before.clip);
  await page.evaluate(() => a11y.mute(false));
  const best = (box) => (forced ? spread(before, box) : compare(before, mute, box).best);
  const wrong = places.flatMap(({ text, rects }) => {
    const found = Math.max(...rects.map((rect) => best(scaled(rect, before))));
    return found < least ? [`"${text}" has a contrast of ${found.toFixed(2)}`] : [];
  });
  if (!places.length) wrong.push("no text in view");
  return wrong;
};

/** The least area, in CSS pixels, that tells chosen from unchosen at 3:1: a tick of 2 px strokes has it, a bolder numeral has not. */
const SIGN = 40;

/** An option before and after it is chosen. Luminance alone counts, so a mere change of hue is seen as none. */
const chosen = async (page, before) => {
  const place = await page.evaluate(() => a11y.choose());
  if (!place) return [];
  const after = await shoot(page, before.clip);
  const { clear } = compare(before, after, scaled(place, before));
  await page.evaluate(() => a11y.unchoose());
  return clear < SIGN * SHARP ** 2 ? [`what is chosen differs by ${clear / SHARP ** 2} px only`] : [];
};

/** Each sort of control with and without the focus: 2 px around it at 3:1 at least. (2.4.13) */
const rings = async (page, before) => {
  const wrong = [];
  for (let nth = 0; ; nth++) {
    const place = await page.evaluate((nth) => a11y.focusOn(nth), nth);
    if (!place) break;
    const { clear } = compare(before, await shoot(page, before.clip), scaled(place, before, 6));
    const least = 0.9 * 2 * 2 * (place.width + place.height);
    if (clear / SHARP ** 2 < least) wrong.push(`the focus on ${place.name} shows in ${clear / SHARP ** 2} px of ${least.toFixed()}`);
  }
  await page.evaluate(() => a11y.blur());
  return wrong;
};

/** All of it. Texts have 7:1 in the shipped themes, and what the visitor's own colours give otherwise: 4.5:1 here. */
export const looks = async (page, { forced }) => {
  await page.evaluate(() => a11y.blur());
  const before = await shoot(page, await page.evaluate(() => a11y.frame()));
  const least = forced ? 4.5 : 7;
  return [...(await texts(page, before, { least, forced })), ...(await rings(page, before)), ...(await chosen(page, before))];
};
