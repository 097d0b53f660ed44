// Sends only what was filled in, so that the address is the canonical one at once.
for (const form of document.querySelectorAll("[data-filters]")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value.trim()) formData.delete(name);
    if (form.elements.sort?.selectedIndex === 0) formData.delete("sort");
  });

  // A page that comes back from the browser's memory shows what it found, not what was
  // ticked after that.
  addEventListener("pageshow", (event) => event.persisted && form.reset());

  // Who sorts by keyboard goes on from the same button.
  form.addEventListener("submit", ({ submitter }) => {
    if (submitter?.matches("[data-keeps-focus]")) sessionStorage.focus = submitter.id;
  });
}

document.getElementById(sessionStorage.focus)?.focus();
sessionStorage.removeItem("focus");
