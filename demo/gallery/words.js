import { pseudo } from "./pseudo.js";

/**
 * How the shop's texts go into the config of a prompt in that language: a text that is there in it as the map that
 * it is, else the English one alone. A map without the language would turn the whole prompt to English; a
 * plain text fits every language.
 */
export function sayIn(lang) {
  const speaks = lang.split("-")[0];
  return (text) => {
    if (lang == "en-XA") return pseudo(text.en);
    return text[speaks] ? text : text.en;
  };
}
