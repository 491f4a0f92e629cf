/** The ids of the surveys in a config, whatever it is. */
export const surveysOf = (config) => [config?.surveys].flat().flatMap((survey) => survey?.id ?? []);

/**
 * What explain() answers without the widget: `survey`, or every one in the config, is not asked before consent. `state`:
 * `denied`, or anything else while it is owed.
 */
export const owed = (config, survey, state) =>
  surveysOf(config)
    .filter((id) => survey === undefined || id === survey)
    .map((id) => {
      const found = state === "denied" ? "denied" : "owed";
      return { survey: id, asks: false, rules: [{ rule: "consent", wants: "granted", found, holds: false }] };
    });
