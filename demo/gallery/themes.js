/** Themes as a config has them, without the scheme. */
export const THEMES = {
  plain: {},
  // What an owner with a strong brand would set.
  marked: {
    accent: "#b3134f",
    light: { background: "#fff9ef", text: "#2b1a12" },
    dark: { accent: "#ff8db4", background: "#261812", text: "#fbeee2" },
    font: "Georgia, \"Times New Roman\", serif",
    radius: "0px",
  },
  // Too weak, all of them: the widget has to correct what it draws.
  poor: {
    light: { accent: "#f5e58c", background: "#fdfdfb", text: "#b8b8b0" },
    dark: { accent: "#2c3038", background: "#22252b", text: "#555a63" },
  },
  compact: { density: "compact" },
};
