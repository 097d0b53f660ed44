// Buttons that pass on the address of a page: by copying it, and by whatever the device
// offers for sharing.
for (const bar of document.querySelectorAll("[data-share]")) {
  const { share: url, title } = bar.dataset;
  const [status, link] = bar.querySelectorAll("[role=status], .share__link");
  const send = bar.querySelector("[data-send]");

  send.hidden = !navigator.share;
  send.addEventListener("click", () => navigator.share({ title, url }).catch(() => {}));

  bar.querySelector("[data-copy-link]").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(url);
      status.textContent = status.dataset.copied;
    } catch {
      link.hidden = false;
      getSelection().selectAllChildren(link);
      status.textContent = status.dataset.selected;
    }
  });
  bar.removeAttribute("data-waiting");
}
