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
    "housing_form": ["housingform", "boform", "buform", "boligform", "bustadform"],
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
