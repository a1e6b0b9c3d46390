(() => {
  const page = document.documentElement;
  const kept = (value) => {
    // Where pages are opened from a folder, a browser may refuse to keep anything.
    try {
      if (value) localStorage.setItem("colours", value);
      return localStorage.getItem("colours");
    } catch { return null; }
  };
  const chosen = kept();
  if (chosen) page.dataset.colours = chosen;
  const isDark = () => (page.dataset.colours || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("colours");
    if (button) {
      const say = () => { button.textContent = isDark() ? "Light colours" : "Dark colours"; };
      button.hidden = false;
      button.addEventListener("click", () => {
        page.dataset.colours = isDark() ? "light" : "dark";
        kept(page.dataset.colours);
        say();
      });
      say();
    }
  });
  // A table behind a chart is printed with it.
  addEventListener("beforeprint", () => document.querySelectorAll("details.data").forEach((part) => { part.open = true; }));
  // A link into a closed part opens it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const part = target && target.closest("details");
    if (part && !part.open) { part.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  addEventListener("DOMContentLoaded", reveal);
})();
