// Where the configuration comes from: a URL, an inline script, or the tag's own attributes.

/**
 * Reads what the tag's `data` names; resolves to the configuration and, where the server's answer can be read, its
 * date, or to undefined where it names nothing. Rejects with a sentence.
 */
export const readConfig = async ({ config, endpoint, ask, about, on }) => {
  if (config)
    try {
      if (config[0] != "#") {
        const response = await fetch(config);
        if (response.ok) return [await response.json(), Date.parse(response.headers.get("date"))];
        throw Error(response.status);
      }
      // It may stand below the tag.
      if (document.readyState == "loading") await new Promise((done) => addEventListener("DOMContentLoaded", done));
      return [JSON.parse(document.getElementById(config.slice(1))?.textContent)];
    } catch (error) {
      throw `the config ${config} cannot be read (${error.message}).`;
    }
  if (endpoint)
    return [
      {
        about,
        delivery: { url: endpoint },
        surveys: [{ id: ask, ask, touchpoints: [on ? { on: "event", name: on } : { on: "call" }] }],
      },
    ];
};
