// The demo's gallery, walked as it stands: every view is drawn, and what draws it says nothing.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { launch, openPage, openSite, seen } from "./harness.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Nothing inline, no other origin. */
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:";

let browser;
before(async (t) => {
  browser = await launch(t);
});

const openGallery = async (t, query = "") => {
  const site = await openSite(t);
  const files = await readdir(ROOT + "demo", { recursive: true, withFileTypes: true });
  for (const file of files.filter((file) => file.isFile())) {
    const path = `${file.parentPath ?? file.path}/${file.name}`;
    site.put("/" + path.slice(ROOT.length), await readFile(path, "utf8"), { "content-security-policy": POLICY });
  }
  const page = await openPage(browser);
  await page.goto(`${site.url}/demo/gallery.html${query}`);
  await seen(page, "the first view", () => document.documentElement.dataset.ready === "");
  return page;
};

test("every kind in every placement, by the gallery's own controls", async (t) => {
  const page = await openGallery(t);
  const values = (name) => page.$$eval(`#${name} option`, (options) => options.map(({ value }) => value));
  const [kinds, placements] = [await values("kind"), await values("placement")];
  assert.ok(kinds.length >= 15 && placements.length == 5, `${kinds} ${placements}`);
  let views = 0;
  for (const placement of placements) {
    for (const kind of kinds) {
      const drawn = await page.evaluate(
        async (placement, kind) => {
          const form = document.querySelector("#controls");
          form.elements.placement.value = placement;
          form.elements.kind.value = kind;
          form.requestSubmit();
          while (document.documentElement.dataset.ready !== "") await new Promise((done) => setTimeout(done, 10));
          const hosts = [...document.querySelectorAll("asklet-prompt")];
          return hosts.map((host) => [host.dataset.placement, !!host.shadowRoot.querySelector("h2").textContent]);
        },
        placement,
        kind,
      );
      assert.deepEqual(drawn, [[placement, true]], `${kind} ${placement}`);
      views++;
    }
  }
  assert.deepEqual([page.wrong, await page.evaluate(() => violations)], [[], []]);
  t.diagnostic(`${views} views`);
});

test("a view has an address of its own, in every language and theme", async (t) => {
  for (const query of ["?kind=stars&lang=ar&scheme=dark", "?kind=several&lang=de&theme=marked", "?kind=ces7&lang=ja&placement=sheet&theme=poor", "?lang=en-XA&questions=3&placement=tab"]) {
    const page = await openGallery(t, query);
    const lang = new URLSearchParams(query).get("lang");
    await seen(page, lang, (lang) => document.querySelector("asklet-prompt")?.shadowRoot.querySelector(".prompt").lang == lang, lang);
    assert.ok((await page.$eval("#permalink", ({ href }) => href)).includes(`lang=${lang}`));
    assert.deepEqual(page.wrong, []);
  }
});
