"""Which house an address is of: the street and the number, whatever else it says."""

import re

from tomteanalyse.publishing.plain import parts_in, plain_text, uncounted

MOST_DIGITS = 3
"""House numbers of more digits are taken for post codes, except in an address's first part."""

_NUMBER = r"[\W_]{0,3}(?:(?:nr|no|nummer)[\W_]{0,3})?\d+(?:/\d+)*"
_BESIDE = re.compile(
    # Dwelling numbers: H0201, u 0101.
    r"(?<![^\W_])[hukl][\W_]?\d{4}(?!\d)"
    # Floors: 2. etg.
    r"|(?<!\d)\d+[\W_]{0,3}(?:etg|etasjen?|høgda|høyden)(?![^\W_])"
    # Parts of a house, and numbers that are of no house.
    r"|(?<![^\W_])(?:leil|leilighet(?:en)?|leilegheit[ae]?|lgh|hybel|bolig|bustad|etg|etasje|"
    r"inngang|oppgang|oppg|blokk|bygg|bygning|hus|avd|avdeling|seksjon|rom|dør|andel|objekt|obj|"
    r"gnr|bnr|fnr|snr|gårdsnr|gardsnr|bruksnr|festenr|postboks|pb|tlf|telefon)"
    rf"(?:s?(?:nr|nummer))?(?![^\W\d_]){_NUMBER}"
)
_PIECES = re.compile(r"[,;|\n()]")
_STREETS = frozenset(
    ("gate", "gata", "gaten", "gt", "vei", "veien", "veg", "vegen", "plass", "plassen", "allé")
)


def houses_in(address: str) -> tuple[tuple[str, ...], ...]:
    """Return an address as far as the house's number, cut into words and numbers.

    Parameters
    ----------
    address
        As it stands in the register: «Solbakken, Storgata 12 B, leil. 3, 7600 Levanger».

    Returns
    -------
    tuple of tuples
        Every street with a number, in plain text: «storgata», «12». What stands behind it (the
        entrance's letter, the dwelling's number, the floor, the town) tells no more than that it
        is in that house, so it plays no part; neither do the floor or the flat in front of it.
        All of an address whose only number stands in front. Empty if there is no number or no word
        in it.
    """
    plain = plain_text(address)
    found: list[tuple[str, ...]] = []
    for piece in _PIECES.split(_BESIDE.sub(",", plain)):
        house = _to_number(parts_in(uncounted(piece)))
        if house and (not found or len(house[-1]) <= MOST_DIGITS):
            found.append(house)
    if found:
        return tuple(found)
    whole = parts_in(uncounted(plain))
    has_both = any(map(_is_word, whole)) and any(each.isdigit() for each in whole)
    return (_to_number(whole) or tuple(whole),) if has_both else ()


def _to_number(parts: list[str]) -> tuple[str, ...]:
    """Return the parts up to the first number behind a word; nothing if there is none."""
    word = next((place for place, each in enumerate(parts) if _is_word(each)), len(parts))
    for place in range(word + 1, len(parts)):
        if parts[place].isdigit() and not _is_in_name(parts[place + 1 :]):
            return tuple(parts[: place + 1])
    return ()


def _is_in_name(behind: list[str]) -> bool:
    """Say whether a number is part of a street's name, by what follows: «Christian 4s gate»."""
    names = behind[1:2] if behind[:1] == ["s"] else behind[:1]
    return not _STREETS.isdisjoint(names)


def _is_word(part: str) -> bool:
    return len(part) > 1 and part.isalpha()
