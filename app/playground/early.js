// Runs before the first paint, so that a remembered theme or language never flashes in from another one.
(() => {
  const remembered = (name) => {
    try {
      return localStorage.getItem(`horngate.${name}`);
    } catch {
      return null; // a browser may forbid storage: the page then follows the browser
    }
  };
  const root = document.documentElement;
  const theme = remembered("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  const first = navigator.languages.find((tag) => /^(en|zh)\b/i.test(tag)) ?? "en";
  root.lang = remembered("language") ?? (/^zh/i.test(first) ? "zh" : "en");
})();
