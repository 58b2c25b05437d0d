// The catalogue's texts and the language's way of writing numbers: the same as texts/__init__.py.

const NBSP = "\u00a0";
const MINUS = "\u2212";
const SOURCE_TEXTS = /^(source|clear)\./;

// Half to even, and exact, as Python rounds; toFixed alone takes the greater of two equally near.
function fixed(value, decimals) {
  const doubled = value * 2 ** (decimals + 1);
  const halfway = Number.isInteger(doubled) && doubled % 2 !== 0;
  if (!halfway) return value.toFixed(decimals);
  const step = 10 ** -decimals / 2;
  const [below, above] = [(value - step).toFixed(decimals), (value + step).toFixed(decimals)];
  return Number(below.at(-1)) % 2 === 0 ? below : above;
}

function rounded(value, decimals) {
  return Number.isFinite(value) ? Number(fixed(value, decimals)) : value;
}

function makeSay(data) {
  const languages = new Map(
    Object.entries(data.texts).map(([language, texts]) => [language, new Map(Object.entries(texts))])
  );
  const listeners = [];

  function say(key, values) {
    const texts = languages.get(say.language);
    const text = texts.get(key) ?? texts.get(`map.${key}`);
    if (text === undefined) throw new Error(`no text ${key}`);
    if (!values) return text;
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  // The same text in pieces, so that some of its values may be elements.
  say.nodes = (key, values) =>
    say(key)
      .split(/(\{\w+\})/)
      .filter(Boolean)
      .map((piece) => (/^\{\w+\}$/.test(piece) ? values[piece.slice(1, -1)] : piece));

  // `decimals` null keeps the digits that say something, at most 6.
  say.number = (value, decimals = 0) => {
    if (Number.isNaN(value)) return say("number.unknown");
    if (!Number.isFinite(value)) return say("number.unreachable");
    const written = fixed(Math.abs(value), decimals === null ? 6 : decimals);
    let [whole, part] = written.split(".");
    if (part && decimals === null) part = part.replace(/0+$/, "");
    const sign = value < 0 && Number(written) !== 0 ? MINUS : "";
    const [group, point] = say.language === "en" ? [",", "."] : [NBSP, ","];
    whole = whole.replace(/\B(?=(\d{3})+$)/g, group);
    return sign + whole + (part ? point + part : "");
  };
  // Kilometres from ten on: nobody measures a line on a map to the metre over such a distance.
  say.metres = (value) =>
    value < 9999.5 ? `${say.number(value)}${NBSP}m` : `${say.number(value / 1000, 1)}${NBSP}km`;
  say.date = (iso) => {
    const [year, month, day] = iso.slice(0, 10).split("-");
    if (say.language !== "en") return `${day}.${month}.${year}`;
    const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
    return `${Number(day)} ${months[Number(month) - 1]} ${year}`;
  };
  say.listing = (items) =>
    items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} ${say("word.and")} ${items.at(-1)}`;
  // A share never rounds to 0 or 100 % unless it is exactly that.
  say.percent = (share, decimals = 0) => {
    const step = 10 ** -decimals;
    const shown = rounded(100 * share, decimals);
    if (shown < step && share > 0) return say("explain.percent_under", { number: say.number(step, decimals) });
    if (shown > 100 - step && share < 1) return say("explain.percent_over", { number: say.number(100 - step, decimals) });
    return say("explain.percent", { number: say.number(shown, decimals) });
  };
  // What something lies under or over: the words for that stand around it.
  say.limit = (share, decimals = 0) => {
    const step = 10 ** -decimals;
    const [least, most] = [share > 0 ? step : 0, share < 1 ? 100 - step : 100];
    const shown = Math.min(Math.max(rounded(100 * share, decimals), least), most);
    return say("explain.percent", { number: say.number(shown, decimals) });
  };
  say.score = (value) => say.number(value, 1);
  say.points = (value) => say.number(value, 2);
  say.has = (key) => languages.get(say.language).has(key);
  say.criterion = (criterion) => say(`criterion.${criterion.key}.name`);
  say.source = (source) => (SOURCE_TEXTS.test(source) && say.has(source) ? say(source) : source);
  say.decision = (decision) => (decision ? say("explain.decided", { decision }) : say("explain.undecided"));
  say.measured = (criterion, value) => {
    const shown = rounded(criterion.times * value, criterion.decimals);
    const written = say.number(shown, null);
    if (!Number.isFinite(value)) return written;
    if (criterion.times === 100) return say("explain.percent", { number: written });
    const one = `criterion.${criterion.key}.unit_one`;
    return written + NBSP + say(shown === 1 && say.has(one) ? one : `criterion.${criterion.key}.unit`);
  };
  say.anchors = (criterion) => {
    const last = criterion.anchors.length - 1;
    return criterion.anchors
      .map(([x, value], i) => {
        const form = i === 0 && x > 0 ? "anchor_first" : i === last ? "anchor_last" : "anchor";
        return say(`explain.${form}`, { value: say.number(value, null), measured: say.measured(criterion, x) });
      })
      .join("; ");
  };
  say.homes = (count) =>
    count === 1 ? say("map.say.homes_one") : say("map.say.homes", { count: say.number(count, Number.isInteger(count) ? 0 : 1) });

  say.language = data.language;
  say.languages = [...languages.keys()];
  say.listen = (heard) => listeners.push(heard);
  say.use = (language) => {
    if (!languages.has(language) || language === say.language) return;
    say.language = language;
    document.documentElement.lang = language;
    listeners.forEach((heard) => heard());
  };
  return say;
}
