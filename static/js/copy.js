// Buttons that copy a text; where the browser does not let them, they select it.
for (const place of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(place.dataset.copy);
  const status = place.querySelector("[role=status]");
  place.hidden = false;
  place.querySelector("button").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent.trim());
      status.textContent = status.dataset.done;
    } catch {
      getSelection().selectAllChildren(text);
      status.textContent = status.dataset.else;
    }
    setTimeout(() => { status.textContent = ""; }, 4000);
  });
}
