(() => {
  const form = document.getElementById("search");
  if (!form || typeof searchData === "undefined") return;
  const words = document.getElementById("words"), list = document.getElementById("results"), status = document.getElementById("found");
  const choices = ["place", "year", "question"].map((name) => document.getElementById(name));
  const most = 40;
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  // A word of the text must begin with each word that was typed.
  const tokens = (text) => fold(text).match(/[a-z0-9]+(?:[.,][0-9]+)*/g) || [];
  const entries = searchData.map((item) => ({ ...item, inTitle: tokens(item.title), inText: tokens(item.text + " " + (item.more || "")) }));
  const begins = (found, wanted) => found.some((word) => word.startsWith(wanted));
  const score = (item, wanted) => {
    let sum = 0;
    for (const word of wanted) {
      if (begins(item.inTitle, word)) sum += 3;
      else if (begins(item.inText, word)) sum += 1;
      else return 0;
    }
    return sum;
  };
  const fits = (item) => choices.every((choice) => !choice.value || item[choice.id] === choice.value);
  const marked = (parent, text, wanted) => {
    for (const part of text.split(/([\p{L}\p{N}.,]+)/u)) {
      const hit = wanted.some((word) => fold(part).startsWith(word));
      const node = hit ? document.createElement("mark") : null;
      if (node) node.textContent = part;
      parent.append(node || part);
    }
  };
  const shown = (item, wanted) => {
    const line = document.createElement("li"), link = document.createElement("a"), text = document.createElement("p");
    link.href = item.address;
    marked(link, item.title, wanted);
    marked(text, item.text.length > 320 ? item.text.slice(0, 320).replace(/ \S*$/, " \u2026") : item.text, wanted);
    line.append(link, text);
    if (item.question) {
      const question = document.createElement("p");
      question.className = "tag";
      question.textContent = (item.kind ? item.kind + ": " : "") + item.question;
      line.append(question);
    }
    return line;
  };
  const cards = () => {
    let left = 0;
    for (const card of document.querySelectorAll("#reports li")) {
      const fit = choices.every((choice) => !choice.value || card.dataset[choice.id] === choice.value);
      card.hidden = !fit;
      left += fit ? 1 : 0;
    }
    for (const part of document.querySelectorAll(".year-of-reports, .place-of-reports")) part.hidden = !part.querySelector("li:not([hidden])");
    return left;
  };
  const search = () => {
    const wanted = tokens(words.value), left = cards();
    list.replaceChildren();
    if (!wanted.length) {
      status.textContent = choices.some((choice) => choice.value) ? `${left} reports.` : "";
      return;
    }
    const found = entries.filter(fits).map((item) => [score(item, wanted), item]).filter(([points]) => points);
    found.sort((one, other) => other[0] - one[0]);
    list.append(...found.slice(0, most).map(([, item]) => shown(item, wanted)));
    const number = found.length === 1 ? "1 place" : `${found.length} places`;
    status.textContent = found.length ? `Found in ${number}${found.length > most ? `; the first ${most} are shown` : ""}.` : "Nothing found. Try fewer or shorter words.";
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  words.addEventListener("input", search);
  choices.forEach((choice) => choice.addEventListener("change", search));
})();
