// The page of a job says how far it is, and loads again when it is finished.
const place = document.querySelector("[data-progress]");
if (place) {
  const bar = place.querySelector("progress");
  const text = place.querySelector("output");
  const ask = async () => {
    try {
      const response = await fetch(place.dataset.progress);
      if (!response.ok) return;
      const job = await response.json();
      if (job.finished) return location.reload();
      text.textContent = text.textContent.replace(/\d[\d\s.,]*/, `${job.done} `);
      bar.value = job.done;
    } catch {
      // The server may be restarting; ask again.
    }
    setTimeout(ask, 1000);
  };
  setTimeout(ask, 1000);
}
