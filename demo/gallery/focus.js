let keeping = new AbortController();

/**
 * show() takes the focus into the prompt; after this it is given back, once. What the visitor does when the prompt is
 * there ends it: then the focus goes where they want it.
 */
export function keepFocus() {
  keeping.abort();
  keeping = new AbortController();
  const { signal } = keeping;
  const end = keeping.abort.bind(keeping);
  const act = () => "ready" in document.documentElement.dataset && end();
  for (const type of ["keydown", "pointerdown"]) addEventListener(type, act, { capture: true, signal });
  const come = ({ target, relatedTarget }) => {
    if (target.localName != "asklet-prompt") return;
    end();
    relatedTarget?.focus();
  };
  document.addEventListener("focusin", come, { signal });
}
