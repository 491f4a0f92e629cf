const mine = /^(asklet|marrowby)/;

function forgetKeys(storage) {
  for (const key of Object.keys(storage)) if (mine.test(key)) storage.removeItem(key);
}

// A database that is still open elsewhere goes when it is closed there; nobody waits for that here.
const deleteDatabase = (name) =>
  new Promise((done) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = done;
  });

/** Erases what Asklet and the shop keep in this browser, and loads the shop afresh. */
export function watchStartOver() {
  document.getElementById("again").addEventListener("click", async () => {
    try {
      // Closed first, or it would write down on the way out what has just been erased.
      await window.asklet?.destroy?.();
      await deleteDatabase("asklet");
      forgetKeys(localStorage);
      forgetKeys(sessionStorage);
    } catch {
      // Storage is blocked: nothing was kept either.
    }
    location.assign("/");
  });
}
