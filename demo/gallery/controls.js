// The form is the one place that knows which views there are: values that it does not offer are passed over.

export const form = document.getElementById("controls");

/** What the form says, such as { kind: "nps", placement: "popover", ... }. What does not matter is absent. */
export function wanted() {
  const { position, beside, placement } = form.elements;
  position.disabled = !["popover", "tab"].includes(placement.value);
  beside.disabled = placement.value != "popover";
  return Object.fromEntries(new FormData(form));
}

const plain = wanted();

/** The address of what the form says: its query has what differs from the plain view. */
export function address() {
  const query = new URLSearchParams(Object.entries(wanted()).filter(([name, value]) => value != plain[name]));
  return [form.getAttribute("action"), query].filter(String).join("?");
}

/** Sets the form to what a query says. */
export function follow(search) {
  for (const [name, value] of new URLSearchParams(search)) {
    const control = form.elements.namedItem(name);
    if (name == "lang") offer(control, value);
    if (control?.type == "checkbox") control.checked = control.value == value;
    // Radio buttons pass over what none of them has; a select would be empty.
    else if (control && (!control.options || offers(control, value))) control.value = value;
  }
}

const offers = (select, value) => [...select.options].some((option) => option.value == value);

/** Any language may be asked for, such as de-AT, not only those that the widget has. */
function offer(select, tag) {
  if (offers(select, tag)) return;
  try {
    select.append(new Option(Intl.getCanonicalLocales(tag)[0], tag));
  } catch {
    // Not a language tag.
  }
}
