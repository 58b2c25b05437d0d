"""What the columns and words of a municipal register are called."""

from tomteanalyse.config import HousingForm

ALIASES: dict[str, list[str]] = {
    "unit_id": [
        "unitid",
        "enhetid",
        "enhetsid",
        "enhetsnr",
        "enhetsnummer",
        "einingid",
        "einingsid",
        "boligid",
        "bustadid",
        "koboid",
        "enhet",
        "eining",
        "id",
    ],
    "homes": [
        "homes",
        "dwellings",
        "numberofhomes",
        "antallboliger",
        "antallbolig",
        "antalbustader",
        "talbustader",
        "boliger",
        "bustader",
        "antallenheter",
        "antall",
        "antal",
    ],
    "step": ["step", "trinn", "steg", "boligtrapp", "boligtrapptrinn", "trinniboligtrappa"],
    "housing_form": ["housingform", "boform", "buform", "boligform", "bustadform",
                     "boligtype", "bustadtype", "koboboligtype"],
    "building_id": [
        "buildingid",
        "byggid",
        "bygningid",
        "bygningsid",
        "bygningsnr",
        "bygningsnummer",
        "borettslag",
        "burettslag",
        "sameie",
        "sameige",
        "gnrbnr",
        "bygg",
    ],
    "valid_from": ["validfrom", "gyldigfra", "fradato", "startdato", "fra"],
    "valid_to": ["validto", "gyldigtil", "tildato", "sluttdato", "til"],
    "began": ["began", "tilgangsarsak", "tilgangsmate", "anskaffelse", "anskaffing",
              "anskaffelsesmate", "anskaffingsmate", "howacquired"],
    "ended": ["ended", "avgangsarsak", "avgang", "avgangsmate", "avhending",
              "avhendelse", "avhendingsmate", "howdisposed"],
    "shared_housing": ["sharedhousing", "erbofellesskap", "erbufellesskap"],
    "x": ["x", "ost", "oest", "aust", "east", "easting", "utmost", "xkoordinat", "lon", "lng",
          "longitude", "lengdegrad"],
    "y": ["y", "nord", "north", "northing", "utmnord", "ykoordinat", "lat", "latitude",
          "breddegrad", "breiddegrad"],
    "address": ["address", "adresse", "adressetekst", "gateadresse", "vegadresse", "veiadresse",
                "besoksadresse"],
}  # fmt: skip
"""Our column to the headings it goes by, without case, accents and signs, best first."""

DEGREE_HEADINGS = frozenset(
    {"lon", "lng", "longitude", "lengdegrad", "lat", "latitude", "breddegrad", "breiddegrad"}
)
"""Headings that say that the numbers are degrees."""

_FORMS: dict[HousingForm, list[str]] = {
    "ordinaer_bolig": [
        "ordinaerbolig",
        "ordinaerbustad",
        "ordinaer",
        "ordinarybolig",
        "bolig",
        "bustad",
        "leilighet",
        "leilegheit",
        "rekkehus",
        "enebolig",
        "einebustad",
        "tomannsbolig",
        "tomannsbustad",
        "terrassehus",
        "kjedehus",
        "hybel",
        "flat",
        "ordinaryflat",
        "ordinaryhome",
    ],
    "samlokalisert": ["samlokalisert", "samlokalisertebolig", "samlokaliserteboliger", "colocated"],
    "bofellesskap": ["bofellesskap", "bufellesskap", "bukollektiv", "bokollektiv", "sharedhousing"],
    "smaahus": ["smahus", "smaahus", "smallhouse"],
    "modulhus": ["modulhus", "modularhouse"],
    "firemannsbolig": ["firemannsbolig", "4mannsbolig", "firemannsbustad", "fourhomehouse"],
    "tun_med_base": ["tunmedbase", "tun", "tunmedpersonalbase", "courtyardwithbase"],
}
HOUSING_FORMS: dict[str, HousingForm] = {
    word: form for form, words in _FORMS.items() for word in words
}
"""What registers call a housing form, in the same bare form, to ours."""

_RECLASSIFIED = ["reclassified", "omgjort", "omdefinert", "omklassifisert", "endretbruk",
                 "bruksendring", "endrabruk"]  # fmt: skip
_BEGAN = {
    "bought": ["bought", "purchased", "kjopt", "kjop", "innkjopt", "kjopa", "kjoptinn"],
    "built": ["built", "bygd", "bygget", "nybygd", "nybygg", "oppfort", "newbuilt"],
    "reclassified": _RECLASSIFIED,
}
_ENDED = {
    "sold": ["sold", "solgt", "salg", "seld", "sal", "avhendet", "avhenda"],
    "demolished": ["demolished", "revet", "rive", "rivi", "riven", "rivne", "riving", "rivning",
                   "brent", "brann", "brunne"],
    "reclassified": _RECLASSIFIED,
}  # fmt: skip
CAUSES: dict[str, dict[str, str]] = {
    column: {word: cause for cause, words in known.items() for word in words}
    for column, known in (("began", _BEGAN), ("ended", _ENDED))
}
"""How registers say that a home came and went, by our column, in the same bare form."""

YES = frozenset({"true", "ja", "j", "yes", "y", "1", "x", "sann"})
NO = frozenset({"false", "nei", "n", "no", "0", "usann"})
"""What a column of yes and no holds, in the same bare form."""
