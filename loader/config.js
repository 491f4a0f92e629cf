// Where the configuration comes from: a URL, an inline script, or the tag's own attributes.

/** Reads what the tag's `data` names; resolves to undefined where it names nothing. Rejects with a sentence. */
export const readConfig = async ({ config, endpoint, ask, about, on }) => {
  if (config)
    try {
      if (config[0] != "#") {
        const response = await fetch(config);
        if (!response.ok) throw Error(response.status);
        return await response.json();
      }
      const find = () => document.getElementById(config.slice(1));
      if (!find() && document.readyState == "loading")
        await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
      return JSON.parse(find()?.textContent ?? "");
    } catch (error) {
      throw `the config ${config} could not be read (${error.message}).`;
    }
  if (endpoint)
    return {
      about,
      delivery: { url: endpoint },
      surveys: [{ id: ask, ask, touchpoints: [on ? { on: "event", name: on } : { on: "call" }] }],
    };
};
