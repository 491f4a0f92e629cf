// Which pages a touchpoint is meant for. The widget has the same rules; both are held to tests/tables/globs.json.

/** `value`, if it is a text; throws otherwise: nothing else can be repeated. */
export const text = (value) => value.repeat(1);

// `/**` at the end takes in the folder itself; `**` is any run, `*` any run without a slash; the rest is literal.
const token = (text) =>
  text == "/**" ? "(/.*)?" : text == "*" ? "[^/]*" : text[0] == "*" ? ".*" : "\\" + text;

/**
 * Turns a list of globs, and of regular expressions as `{ regex }`, into a function that says whether they allow a URL.
 * Throws where one of them is neither.
 */
export const globs = (list) => {
  const yes = [];
  const no = [];
  list.forEach((entry) =>
    (entry[0] == "!" ? no : yes).push(
      entry.slice
        ? [
            RegExp(`^${entry.slice(+(entry[0] == "!")).replace(/\/\*\*$|\*+|\W/g, token)}$`),
            +/^!?[\w+.-]+:\/\//.test(entry),
          ]
        : [RegExp(text(entry.regex)), 2],
    ),
  );
  return (url) => {
    const { href, pathname } = new URL(url);
    // A glob is held against the path, or against the address if it begins with a scheme; an expression against it all.
    const meets = ([rule, part]) => rule.test([pathname, href.replace(/#.*/, ""), href][part]);
    return !no.some(meets) && (!yes[0] || yes.some(meets));
  };
};
