// What is chosen, compared and pointed at. It is known in one place; the parts listen.

function makeState() {
  const listeners = [];
  const hoverListeners = [];
  const tell = (from, before) => listeners.forEach((heard) => heard(from, before));
  return {
    selected: null,
    other: null, // What the chosen plot is compared with.
    hovered: null,
    listen: (heard) => listeners.push(heard),
    listenHover: (heard) => hoverListeners.push(heard),
    select(i, from) {
      const before = this.selected;
      this.selected = i;
      this.other = null;
      tell(from, before);
    },
    compare(i, from) {
      this.other = i === this.selected ? null : i;
      tell(from, this.selected);
    },
    hover(i, on) {
      if (!on && this.hovered !== i) return;
      const before = this.hovered;
      this.hovered = on ? i : null;
      hoverListeners.forEach((heard) => heard(before));
    },
  };
}
