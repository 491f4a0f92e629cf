/** Fills a list, but only when what it shows has changed: a reader's place and selection are kept. */
export function fill(list, rows, draw) {
  const shows = JSON.stringify(rows);
  if (list.dataset.shows === shows) return;
  list.dataset.shows = shows;
  list.replaceChildren(...rows.map(draw));
}

export function say(id, text) {
  const line = document.getElementById(id);
  if (line.textContent !== text) line.textContent = text;
  line.hidden = !text;
}

export const clock = (time) => new Date(time).toLocaleTimeString("en-GB");
