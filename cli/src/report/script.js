for (const form of document.querySelectorAll("form.search")) {
  const [words, open] = form.elements;
  const comments = [...form.parentElement.querySelectorAll("ol.comments > li")];
  const status = form.parentElement.querySelector("[role=status]");
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    const wanted = words.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const comment of comments) {
      const text = comment.textContent.toLocaleLowerCase();
      comment.hidden = !wanted.every((word) => text.includes(word)) || (open.checked && comment.hasAttribute("data-replied"));
    }
    status.textContent = `${comments.filter((comment) => !comment.hidden).length} of ${comments.length} comments`;
  });
}
