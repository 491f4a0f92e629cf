// What can be measured of a prompt in the page itself. `inPage` is evaluated there; each of its checks returns the
// sentences about what is wrong.

/** Puts `window.a11y` into the page. */
export const inPage = () => {
  const host = () => document.querySelector("asklet-prompt");
  const root = () => host().shadowRoot;
  const region = () => root().querySelector("[part~=prompt]");

  /** Elements that are drawn; `deep` with those that only a screen reader has. */
  const all = (selector = "*") =>
    [...root().querySelectorAll(selector)].filter((element) => element.checkVisibility({ visibilityProperty: true }));

  /** Whether an element is there for screen readers only: cut to nothing, by itself or with what it is in. */
  const unseen = (element) => {
    for (let at = element; at && at != root(); at = at.parentElement) {
      const { clipPath, opacity } = getComputedStyle(at);
      if (clipPath.startsWith("inset(50%") || opacity == 0) return true;
    }
    return false;
  };

  const name = (element) => {
    const said = element.getAttribute("aria-label") ?? element.textContent.trim();
    return `${element.localName}[${element.getAttribute("part") ?? element.className ?? ""}] "${said.slice(0, 30)}"`;
  };

  /** What can be operated, as what is drawn of it: a point's label for its radio button. */
  const controls = () => {
    const found = all("button, a[href], input, textarea, select, summary, [tabindex]:not([tabindex='-1'])");
    return [...new Set(found.map((element) => (/radio|checkbox/.test(element.type) && element.closest("label")) || element))];
  };

  const box = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left, top, right, bottom, width: right - left, height: bottom - top };
  };
  const inside = (a, b, slack = 1) =>
    a.left >= b.left - slack && a.right <= b.right + slack && a.top >= b.top - slack && a.bottom <= b.bottom + slack;
  const frame = () => ({ left: 0, top: 0, right: innerWidth, bottom: innerHeight });
  const size = ({ width, height }) => `${width.toFixed(1)} x ${height.toFixed(1)}`;

  /** Texts that are drawn, with the element that each stands in and where. */
  const texts = () => {
    const walker = document.createTreeWalker(root(), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!element || element.localName == "style" || !walker.currentNode.data.trim()) continue;
      if (!element.checkVisibility({ visibilityProperty: true }) || unseen(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      const rects = [...range.getClientRects()].filter(({ width, height }) => width && height);
      if (rects.length) found.push({ element, text: walker.currentNode.data.trim(), whole: range.getBoundingClientRect(), rects });
    }
    return found;
  };

  const scroller = (element) => {
    for (let at = element; at && at != root(); at = at.parentElement)
      if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
    return null;
  };

  /** What has the focus, through all shadow roots. */
  const focus = () => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at;
  };

  const a11y = {
    root,
    all,
    texts,
    controls,
    unseen,
    focus,

    /** Asks for a survey, as a preview. An inline one gets its slot. */
    show: (survey, inline) => {
      document.querySelector("asklet-survey")?.remove();
      if (inline) {
        const slot = document.createElement("asklet-survey");
        slot.setAttribute("survey", survey);
        document.querySelector("#slot").append(slot);
      }
      asklet.show(survey, { preview: true });
    },

    drawn: (survey) => host()?.dataset.survey == survey && !!host().shadowRoot?.querySelector("h2"),

    /** Takes the open prompt away. One that would go back behind its tab goes with all of Asklet, which starts anew. */
    close: async () => {
      if (host().dataset.placement == "tab") asklet.configure(await (await fetch("/asklet.json")).json());
      else root().querySelector("[part~=close]").click();
    },

    /** Items 6, 7, 27: references, ids, tab order, language and direction, animations. */
    structure: (lang, dir) => {
      const wrong = [];
      const ids = [...root().querySelectorAll("[id]")].map(({ id }) => id);
      for (const id of ids) if (ids.indexOf(id) != ids.lastIndexOf(id)) wrong.push(`the id ${id} is there twice`);
      const references = ["labelledby", "describedby", "controls", "owns", "errormessage", "activedescendant", "details"];
      for (const attribute of [...references.map((name) => `aria-${name}`), "for", "list", "form"])
        for (const element of root().querySelectorAll(`[${attribute}]`))
          for (const id of element.getAttribute(attribute).split(/\s+/).filter(Boolean))
            if (!root().getElementById(id)) wrong.push(`${attribute} of ${name(element)} names ${id}, which is not there`);
      for (const element of root().querySelectorAll("[tabindex]"))
        if (element.tabIndex > 0) wrong.push(`${name(element)} has a tabindex of ${element.tabIndex}`);
      if (region().lang != lang || region().dir != dir) wrong.push(`lang ${region().lang}, dir ${region().dir}`);
      if (getComputedStyle(region()).direction != dir) wrong.push(`is drawn ${getComputedStyle(region()).direction}`);
      const moving = [...root().getAnimations(), ...document.getAnimations()];
      if (moving.length) wrong.push(`${moving.length} animations run`);
      for (const element of all("img, svg")) if (!element.closest("[aria-hidden=true]")) wrong.push(`${name(element)} is not hidden`);
      for (const element of all("label, .num"))
        if (/\p{Extended_Pictographic}/u.test(element.textContent)) wrong.push(`an emoji in ${name(element)}`);
      return wrong;
    },

    /** Item 20: how large what can be pressed is, and that a press there meets it. */
    targets: (least) => {
      const wrong = [];
      for (const element of controls()) {
        const { width, height } = box(element);
        if (width < least - 0.01 || height < least - 0.01) wrong.push(`${name(element)} is ${size(box(element))}`);
        element.scrollIntoView({ block: "nearest", inline: "nearest" });
        const { left, top, right, bottom } = box(element);
        const met = root().elementFromPoint((left + right) / 2, (top + bottom) / 2);
        if (!met || !(element.contains(met) || met.contains(element))) wrong.push(`${name(element)} lies under ${met && name(met)}`);
      }
      const close = root().querySelector("form, [part~=question]");
      (scroller(close) ?? document.scrollingElement).scrollTo(0, 0);
      return wrong;
    },

    /** Item 26: nothing stands out sideways, and the way out is in view. */
    reflow: (inline) => {
      const wrong = [];
      const wide = document.scrollingElement.scrollWidth;
      if (wide > innerWidth) wrong.push(`the page scrolls sideways: ${wide} in ${innerWidth}`);
      for (const element of all()) {
        const out = ({ left, right }) => left < -0.5 || right > innerWidth + 0.5;
        const outer = element.parentElement ? box(element.parentElement) : frame();
        if (!unseen(element) && box(element).width > 1 && out(box(element)) && !out(outer)) wrong.push(`${name(element)} stands out`);
        const { overflowX } = getComputedStyle(element);
        if (/auto|scroll/.test(overflowX) && element.localName != "textarea" && element.scrollWidth > element.clientWidth + 1)
          wrong.push(`${name(element)} scrolls sideways`);
      }
      const close = root().querySelector("[part~=close]");
      if (inline) close.scrollIntoView({ block: "nearest" });
      if (!inside(box(close), frame())) wrong.push(`the close button is out of view: ${JSON.stringify(box(close))}`);
      if (!inline && !inside(box(region()), frame())) wrong.push(`the prompt is out of view: ${JSON.stringify(box(region()))}`);
      return wrong;
    },

    /** Items 26 and 29: every text is drawn whole, within what holds it, and over no other text and no other control. */
    clipped: () => {
      const wrong = [];
      const found = texts();
      for (const { element, text, whole } of found) {
        for (let at = element; at && at != root(); at = at.parentElement) {
          const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(at);
          const [frame, what] = [box(at), `"${text.slice(0, 40)}" in ${name(at)}`];
          const sideways = whole.left < frame.left - 1 || whole.right > frame.right + 1;
          const upright = whole.top < frame.top - 3 || whole.bottom > frame.bottom + 3;
          const holds = /^(button|label|legend|h2|a|textarea|fieldset)$/.test(at.localName) || at == region();
          if (sideways && (overflowX != "visible" || holds)) wrong.push(`${what} stands out sideways`);
          if (upright && (/hidden|clip/.test(overflowY) || (holds && at != region()))) wrong.push(`${what} stands out`);
          if (textOverflow == "ellipsis" || !/^(none|)$/.test(webkitLineClamp ?? "")) wrong.push(`${what} is cut short`);
        }
      }
      const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
      found.forEach((one, i) => {
        const same = (element) => scroller(element) == scroller(one.element);
        for (const other of found.slice(i + 1))
          if (same(other.element) && one.rects.some((a) => other.rects.some((b) => meet(a, b))))
            wrong.push(`"${one.text.slice(0, 40)}" and "${other.text.slice(0, 40)}" lie over each other`);
        for (const control of controls())
          if (!control.contains(one.element) && one.rects.some((a) => meet(a, box(control))) && !one.element.contains(control))
            wrong.push(`"${one.text.slice(0, 40)}" and ${name(control)} lie over each other`);
      });
      return [...new Set(wrong)];
    },

    /** WCAG 1.4.12, on or off. */
    spaced: (on) => {
      const sheets = root().adoptedStyleSheets.filter((sheet) => !sheet.spacing);
      if (on) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(
          "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }" +
            "p { margin-bottom: 2em !important }",
        );
        sheets.push(Object.assign(sheet, { spacing: true }));
      }
      root().adoptedStyleSheets = sheets;
    },

    /** Text of 200 %, on or off. */
    large: (on) => (document.documentElement.style.fontSize = on ? "32px" : ""),

    /** Draws texts in no colour, or again in theirs. */
    mute: (on) => {
      const sheets = root().adoptedStyleSheets.filter((sheet) => !sheet.mute);
      if (on) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync("*, ::before, ::after { -webkit-text-fill-color: transparent !important; text-decoration: none !important }");
        sheets.push(Object.assign(sheet, { mute: true }));
      }
      root().adoptedStyleSheets = sheets;
    },

    /** What is written on each control, in the order of the page; `numeral` for a point of a scale. */
    written: () =>
      controls().map((element) => {
        const input = element.localName == "label" ? element.querySelector("input") : element;
        const words = texts().filter((text) => element.contains(text.element)).map(({ text }) => text);
        return { kind: /radio|checkbox/.test(input.type) ? input.type : element.localName, words, numeral: /^\p{Nd}+$/u.test(words[0] ?? "") };
      }),

    /** The part of the window in which the prompt is. */
    frame: () => {
      const [{ left, top, right, bottom }, all] = [box(region()), frame()];
      const [x, y] = [Math.max(0, Math.floor(left - 8)), Math.max(0, Math.floor(top - 8))];
      const [width, height] = [Math.min(all.right, Math.ceil(right + 8)) - x, Math.min(all.bottom, Math.ceil(bottom + 8)) - y];
      return { x, y, width, height, scroll: { x: scrollX, y: scrollY } };
    },

    /** Where the texts in view are. */
    places: () =>
      texts()
        .filter(({ element, whole }) => inside(whole, view(element)))
        .map(({ text, rects }) => ({
          text: text.slice(0, 40),
          rects: rects.map(({ left, top, width, height }) => ({ x: left, y: top, width, height })),
        })),

    /** Chooses an option from the middle; says where it is. */
    choose: () => {
      const options = all("input[type=radio], input[type=checkbox]").filter((input) => !input.checked);
      const input = options[options.length >> 1];
      if (!input) return null;
      input.click();
      input.blur();
      return place(input.closest("label") ?? input);
    },
    unchoose: () => all("input:checked").forEach((input) => (input.checked = false)),

    /** Gives the focus to the nth sort of control that is in view; says where that is. */
    focusOn: (nth) => {
      const sort = (element) => [element.localName, element.getAttribute("part"), element.type].join();
      const sorts = new Map(controls().filter((element) => inside(box(element), view(element))).map((element) => [sort(element), element]));
      const element = [...sorts.values()][nth];
      if (!element) return null;
      const input = element.localName == "label" ? element.querySelector("input") : element;
      input.focus({ preventScroll: true });
      if (focus() != input) return { ...place(element), name: `${name(element)}, which does not take it,` };
      // A ring may be drawn around what stands for the control, such as its box beside the words.
      const ringed = [input, ...element.querySelectorAll("*"), element].find((element) => getComputedStyle(element).outlineStyle != "none");
      return { ...place(ringed ?? element), name: name(element) };
    },
    blur: () => focus()?.blur(),

    /** Does what leads to a screen. */
    reach: (step) => {
      if (step == "choose") root().querySelector("input[type=radio]").click();
      if (step == "other") root().querySelector("input[value=other]").click();
      if (step == "go") root().querySelector("[part~=button]").click();
    },
  };

  /** What of an element's surroundings can be seen: its scroller's window, or the browser's. */
  const view = (element) => {
    const around = scroller(element);
    const [a, b] = [frame(), around ? box(around) : frame()];
    return { left: Math.max(a.left, b.left), top: Math.max(a.top, b.top), right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) };
  };
  const place = (element) => {
    const { left, top, width, height } = box(element);
    return { x: left, y: top, width, height, name: name(element) };
  };

  window.a11y = a11y;

  // The page has colours of its own in both schemes.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("@media (prefers-color-scheme: dark) { html { background: #111; color: #eee } }");
  document.adoptedStyleSheets = [sheet];
};
