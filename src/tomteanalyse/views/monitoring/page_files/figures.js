// How figures are written, the same all over the page.

const SHARE_DECIMALS = 1;

function shareText(say, share, decimals = SHARE_DECIMALS) {
  return Number.isNaN(share) ? say("number.unknown") : say("explain.percent", { number: say.number(100 * share, decimals) });
}

function signed(say, value, decimals = 0) {
  const written = say.number(value, decimals);
  return value > 0 && Number(fixed(value, decimals)) !== 0 ? `+${written}` : written;
}

function pointsText(say, change, decimals = SHARE_DECIMALS) {
  return Number.isNaN(change)
    ? say("number.unknown")
    : say("monitoring_page.points", { number: signed(say, 100 * change, decimals) });
}

// Whether what was before differs from now in any of these.
function differs(model, before, ...names) {
  return names.some((name) => before[name] !== model[name]);
}
