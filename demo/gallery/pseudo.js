const FROM = "abcdeghijklnorstuwyzABCDEGHIJKLNORSTUWYZ";
const TO = "àƀçđéĝĥïĵķļñöŕšţûŵýžÀƁÇĐÉĜĤÏĴĶĻÑÖŔŠŢÛŴÝŽ";

const accented = (text) => text.replace(/[a-z]/gi, (letter) => TO[FROM.indexOf(letter)] ?? letter);

/** An English text as the pseudo-locale en-XA has it: accented, 40 % longer, in brackets. {names} stay. */
export function pseudo(text) {
  const parts = text.split(/(\{[^}]*\})/).map((part) => (part[0] == "{" ? part : accented(part)));
  const more = "ñöñ ".repeat(Math.ceil(text.length / 10)).trim();
  return `[${parts.join("")} ${more}]`;
}
