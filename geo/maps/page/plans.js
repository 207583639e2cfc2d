/* Plans side by side: one shown at a time, its layer switched by its card. */
rescue.plans = (map) => {
  "use strict";
  const radios = [...document.querySelectorAll('input[name="rg-plan"]')];
  const boxes = document.querySelectorAll(".rg-legend [data-layer]");
  const followed = [...boxes].find((box) => box.dataset.layer === radios[0].value);

  function choose(name) {
    for (const radio of radios) {
      radio.checked = radio.value === name;
      if (!radio.checked) map.removeLayer(window[radio.value]);
    }
    map.addLayer(window[name]);
    followed.dataset.layer = name;
    followed.checked = true;
  }

  for (const radio of radios) radio.addEventListener("change", () => choose(radio.value));
  document.addEventListener("click", (event) => {
    const card = event.target.closest("[data-go]")?.closest("[data-plan]");
    if (card) choose(card.dataset.plan);
  }, true);
  choose(radios[0].value);
};
