/**
 * Shows one view for each path, with the history API.
 * `view(path)` returns { title, content }; `main` receives the content.
 */
export function startRouter(main, view) {
  function show() {
    const { title, content } = view(location.pathname);
    document.title = title;
    main.replaceChildren(...content);
    for (const link of document.querySelectorAll("nav a")) {
      if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  // A new page starts at its heading: for the eye at the top, for a screen reader with its name.
  function focusHeading() {
    const heading = main.querySelector("h1");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  function navigate(path) {
    history.pushState(null, "", path);
    show();
    scrollTo(0, 0);
    focusHeading();
  }

  addEventListener("popstate", () => {
    show();
    focusHeading();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='/']");
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !plain || event.defaultPrevented) return;
    event.preventDefault();
    navigate(link.getAttribute("href"));
  });

  show();
  return { navigate, refresh: show };
}
