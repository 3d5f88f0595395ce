"use strict";
// Looks through the index that is embedded in this page; everything it shows is set as text.
(() => {
  const data = JSON.parse(document.getElementById("index-data").textContent);
  const $ = (id) => document.getElementById(id);
  const query = $("query");
  const choices = ["place", "topic", "status", "until"].map((name) => [name, $("filter-" + name)]);
  const gravest = ["bad", "warn", "neutral", "good"];
  const words = data.words;

  const fold = (text) => text.replace(/[đĐ]/g, "d").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim();

  const fits = {
    place: (one, value) => one.place === value,
    topic: (one, value) => one.topic === value,
    status: (one, value) => one.status.includes(value),
    until: (one, value) => one.until >= value,
  };

  function found() {
    const chosen = data.reports.filter((one) => choices.every(([name, box]) => !box.value || fits[name](one, box.value)));
    const asked = fold(query.value);
    if (!asked) return chosen;
    // The words side by side mean a name or a phrase; only where nobody has them so, anywhere in any order.
    const phrase = chosen.filter((one) => (" " + one.text).includes(" " + asked));
    if (phrase.length) return phrase;
    return chosen.filter((one) => asked.split(" ").every((word) => (" " + one.text).includes(" " + word)));
  }

  function paint(shown) {
    const totals = {};
    for (const tile of document.querySelectorAll(".tile")) {
      const own = shown.filter((one) => one.place === tile.dataset.place).map((one) => one.tone);
      const tone = gravest.find((one) => own.includes(one)) || "none";
      if (tone !== "none" || !tile.dataset.place) totals[tone] = (totals[tone] || 0) + 1;
      if (!tile.dataset.place) continue;
      tile.classList.remove("none", ...gravest);
      tile.classList.add(tone);
      const mark = tile.querySelector(".mark");
      mark.classList.remove("none", ...gravest);
      mark.classList.add(tone);
      mark.querySelector("use").setAttribute("href", "#sign-" + tone);
      tile.querySelector(".word").textContent = tone === "none" ? words.no_match : words["tone_" + tone];
    }
    for (const count of document.querySelectorAll("[data-count]")) count.textContent = String(totals[count.dataset.count] || 0);
  }

  function update() {
    const shown = found();
    const ids = new Set(shown.map((one) => one.id));
    for (const one of data.reports) $(one.id).hidden = !ids.has(one.id);
    for (const place of document.querySelectorAll("section.place[data-place]")) {
      place.hidden = !place.querySelector("article:not([hidden])");
    }
    const superseded = $("filter-status").value === "superseded";
    for (const older of document.querySelectorAll("details.older")) older.open = superseded;
    const n = shown.length;
    $("count").textContent = n === 0 ? words.none : n === 1 ? words.one : words.many.replace("{count}", String(n));
    paint(shown);
  }

  let waiting = 0;
  query.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(update, 120); });
  for (const [, box] of choices) box.addEventListener("change", update);
  $("reset").addEventListener("click", () => {
    query.value = "";
    for (const [, box] of choices) box.value = "";
    update();
    query.focus();
  });
  $("finder").hidden = false;
  update();
})();
