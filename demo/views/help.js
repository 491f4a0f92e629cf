import { el } from "../dom.js";

const sections = [
  ["When will it arrive?", "Orders placed before two o'clock on a weekday leave the same day. Allow two days within the country and six beyond it. We write to you when the parcel is handed over, and not otherwise."],
  ["What if something is wrong with it?", "Send it back within sixty days, used or not. Tell us what was wrong in a line or two; we put the postage on our bill. Pens that skip are tuned again free of charge for as long as you own them."],
  ["Which paper takes fountain pen ink?", "All of ours. The notebook and the letter set are sized for wet nibs: the line stays sharp and does not show on the other side. Wrapping paper is the exception, though it makes a fine envelope."],
];

export function help() {
  return {
    title: "Help · Marrowby",
    content: [
      el("article", { class: "prose" },
        el("h1", {}, "Delivery, returns and paper"),
        sections.map(([title, text]) => [el("h2", {}, title), el("p", {}, text)]).flat()),
      // The inline prompt's place. Without Asklet it is empty and takes no room.
      el("asklet-survey", { survey: "help" }),
    ],
  };
}
