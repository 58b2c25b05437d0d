// Below the ranking: what was asked, how much it weighs, who says so; and what to mind.

function makeAbout(data, words) {
  const about = document.getElementById("about");
  const source = (entry) =>
    element(
      "p",
      {},
      element("span", { class: "own", text: `${entry.source}. ` }),
      element("span", { class: entry.decided ? "own decided" : "undecided", text: entry.decision })
    );
  about.append(
    element(
      "details",
      {},
      element("summary", { text: words["about.criteria"] }),
      element(
        "ul",
        { class: "criteria" },
        ...data.criteria.map((criterion) =>
          element(
            "li",
            {},
            element("div", { class: "measure-top" }, element("b", { text: criterion.name }), element("span", { text: criterion.weight })),
            element("p", { class: "quiet", text: criterion.anchors.join("; ") }),
            ...criterion.sources.map(source)
          )
        )
      )
    )
  );
  if (data.warnings.length || data.dropped) {
    about.append(
      element(
        "details",
        {},
        element("summary", { text: data.remarks }),
        element("ul", { class: "remarks" }, ...data.warnings.map((text) => element("li", { class: "own", text }))),
        data.dropped ? element("p", { class: "quiet", text: data.dropped }) : null
      )
    );
  }
  document.getElementById("study").textContent = data.study;
  document.getElementById("profile").textContent = data.profile;
  document.title = `${data.study} \u00b7 ${document.title}`;
  document.getElementById("footer").append(...data.footer.map((text) => element("span", { class: "own", text })));
}
