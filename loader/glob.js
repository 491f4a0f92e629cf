// Which pages a touchpoint is meant for. The widget has the same rules; both are held to tests/tables/globs.json.

// `/**` at the end takes in the folder itself; `**` is any run, `*` any run without a slash; the rest is literal.
const token = (text) =>
  text == "/**" ? "(/.*)?" : text == "*" ? "[^/\n]*" : text[0] == "*" ? ".*" : "\\" + text;

/** Turns a list of globs into a function that says whether they allow a URL. Entries that are no text are passed over. */
export const globs = (list) => {
  const rules = [[], []];
  for (const glob of list)
    if (typeof glob == "string") {
      const no = glob[0] == "!";
      const text = glob.slice(no);
      const rest = text.replace(/\/\*\*$|\*+|\W/g, token);
      // Held against two lines: the address, then the path.
      rules[+no].push(RegExp(/^[a-z][\w+.-]*:\/\//i.test(text) ? `^${rest}\n` : `\n${rest}$`));
    }
  return (url) => {
    const { href, pathname } = new URL(url);
    const [yes, no] = rules.map((some) => some.some((rule) => rule.test(href.split("#")[0] + "\n" + pathname)));
    return !no && (yes || !rules[0][0]);
  };
};
