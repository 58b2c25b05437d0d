// Puts the parts together.

function makeSwitches(model) {
  const wire = (name, read, write) => {
    const choices = [...document.querySelectorAll(`input[name=${name}]`)];
    const show = () => choices.forEach((each) => (each.checked = each.value === read()));
    choices.forEach((each) => each.addEventListener("change", () => write(each.value)));
    model.listen(show);
    show();
  };
  const geography = (key) => model.geographies.find((each) => each.key === key);
  wire("division", () => model.geography.key, (key) => model.set({ geography: geography(key) }, "switch"));
  wire("colouring", () => model.colouring, (colouring) => model.set({ colouring }, "switch"));
}

// What a link to the page keeps: the parts that are not as they are from the start.
function addressParts(model) {
  const start = { geography: model.geography, colouring: model.colouring, day: model.day };
  return [
    {
      key: "dag",
      read: () => (model.day === start.day ? null : model.days[model.day]),
      write(text) {
        const day = model.days.indexOf(text);
        model.set({ day: day < 0 ? start.day : day }, "address");
      },
    },
    {
      key: "inndeling",
      read: () => (model.geography === start.geography ? null : model.geography.key),
      write: (text) => model.set({ geography: model.geographies.find((each) => each.key === text) ?? start.geography }, "address"),
    },
    {
      key: "farge",
      read: () => (model.colouring === start.colouring ? null : model.colouring),
      write: (text) => model.set({ colouring: model.known && COLOURINGS.includes(text) ? text : start.colouring }, "address"),
    },
    {
      key: "sted",
      read: () => (model.chosen === null ? null : model.geography.ids[model.chosen]),
      write(text) {
        const area = model.geography.ids.indexOf(text);
        model.set({ chosen: area < 0 ? null : area }, "address");
      },
    },
  ];
}

function start() {
  const data = JSON.parse(document.getElementById("monitoring").textContent);
  const say = makeSay(data);
  const model = makeModel(data);
  makeLegend(model, say);
  const map = makeMap(data, model, say);
  makeSwitches(model);
  makeTimeline(model, say);
  makeCurves(data, model, say);
  makeBars(data, model, say);
  makeTable(model, say);
  makeCard(model, say);
  makePrinting(map);
  const address = makeAddress(addressParts(model));
  address.restore();
  model.listen(address.remember);
}

window.tomteanalyse = { start };
