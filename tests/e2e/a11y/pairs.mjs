// A few cells of a matrix that hold every pair of values of any two of its dimensions.

const pairsOf = (values) => {
  const entries = Object.entries(values).map((entry) => entry.join("="));
  return entries.flatMap((one, i) => entries.slice(i + 1).map((other) => `${one} ${other}`));
};

/** Greedily: always the cell that brings the most pairs that are missing. `of` says what a cell's values are. */
export const pairs = (cells, of) => {
  const left = new Map(cells.map((cell) => [cell, pairsOf(of(cell))]));
  const missing = new Set([...left.values()].flat());
  const chosen = [];
  while (missing.size) {
    let [best, most] = [undefined, 0];
    for (const [cell, pairs] of left) {
      const brings = pairs.filter((pair) => missing.has(pair)).length;
      if (brings > most) [best, most] = [cell, brings];
    }
    chosen.push(best);
    left.get(best).forEach((pair) => missing.delete(pair));
  }
  return chosen;
};
