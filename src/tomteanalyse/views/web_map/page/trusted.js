// The browser refuses every text that would become markup, with one exception: Leaflet asks it
// once whether it can parse this.
if (window.trustedTypes) {
  window.trustedTypes.createPolicy("default", {
    createHTML: (text) => (text === "<svg/>" ? text : null),
  });
}
