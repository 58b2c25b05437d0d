// Sentences made in Python, said in the page's language: the other half of retold.py.

const [RETOLD_NUMBER, RETOLD_LISTING, RETOLD_JOINED] = [-1, -2, -3];

function makeTell(packed, say) {
  return function tell(part) {
    if (typeof part === "string") return part;
    const [form, ...parts] = packed.nodes[part];
    if (form === RETOLD_NUMBER) return say.number(...parts);
    if (form === RETOLD_LISTING) return say.listing(parts.map(tell));
    if (form === RETOLD_JOINED) return parts.map(tell).join("");
    const [key, ...names] = packed.forms[form];
    return say(key, Object.fromEntries(names.map((name, i) => [name, tell(parts[i])])));
  };
}
