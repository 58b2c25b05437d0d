"""What the columns and words of a file of corrections are called."""

from tomteanalyse.corrections import CorrectionKind

ALIASES: dict[str, list[str]] = {
    "kind": ["kind", "slag", "rettelse", "retting", "rettelsestype", "rettingstype", "type"],
    "date": ["date", "dato", "gjelderfra", "gjeldfra"],
    "source": ["source", "kilde", "kjelde"],
    "note": ["note", "merknad", "notat", "kommentar"],
    "name": ["name", "navn", "namn"],
    "crossing": ["crossing", "kryssing", "kryssingstype"],
    "barrier": ["barrier", "gjerde", "gjerdetype", "hinder"],
    "speed_kmh": ["speedkmh", "speed", "fartsgrense", "fart", "kmt", "kmh"],
    "way": ["osmid", "osmway", "osm", "way", "vegid", "veiid", "veg", "vei"],
}
"""Our column to the headings it goes by, without case, accents and signs, best first."""

_KINDS: dict[CorrectionKind, list[str]] = {
    "new_crossing": [
        "newcrossing",
        "newsafecrossing",
        "nykryssing",
        "nytryggkryssing",
        "nyovergang",
        "nyundergang",
        "nyttgangfelt",
        "nytgangfelt",
    ],
    "close_way": [
        "closeway",
        "closedway",
        "removedway",
        "stengtvei",
        "stengtveg",
        "fjernetvei",
        "fjernetveg",
        "fjernaveg",
        "stengdveg",
    ],
    "hole_in_fence": ["holeinfence", "hulligjerde", "holigjerde", "apningigjerde", "opningigjerde"],
    "new_fence": ["newfence", "nyttgjerde", "nygjerde"],
    "stop_removed": [
        "stopremoved",
        "removedstop",
        "fjernetholdeplass",
        "holdeplassfjernet",
        "nedlagtholdeplass",
        "holdeplassnedlagt",
        "fjernahaldeplass",
        "haldeplassfjerna",
        "nedlagdhaldeplass",
        "haldeplassnedlagd",
    ],
    "stop_added": ["stopadded", "newstop", "nyholdeplass", "nyhaldeplass"],
    "speed_changed": [
        "speedchanged",
        "changedspeed",
        "newspeed",
        "endretfartsgrense",
        "fartsgrenseendret",
        "endrafartsgrense",
        "fartsgrenseendra",
        "nyfartsgrense",
    ],
}
KINDS: dict[str, CorrectionKind] = {word: kind for kind, words in _KINDS.items() for word in words}
"""What a correction is called, in the same bare form, to its kind."""

_CROSSINGS = {
    "marked": ["marked", "gangfelt", "oppmerket", "oppmerketgangfelt", "oppmerkt", "zebra"],
    "signals": ["signals", "trafficsignals", "signalregulert", "lyskryss", "trafikklys"],
    "level_crossing": ["levelcrossing", "planovergang", "planovergangmedbom", "bom"],
    "underpass": ["underpass", "undergang", "tunnel", "kulvert", "subway"],
    "bridge": ["bridge", "bru", "bro", "gangbru", "gangbro", "overgang", "overpass"],
}
CROSSING_WORDS = {word: crossing for crossing, words in _CROSSINGS.items() for word in words}
"""What a crossing is called, in the same bare form, to its kind."""

_BARRIERS = {
    "fence": ["fence", "gjerde", "nettinggjerde", "sikringsgjerde"],
    "wall": ["wall", "mur", "vegg"],
    "noise_barrier": ["noisebarrier", "stoyskjerm", "stoyvegg", "stoygjerde"],
    "hedge": ["hedge", "hekk"],
    "guard_rail": ["guardrail", "autovern", "rekkverklangsveg", "vegrekkverk", "veirekkverk"],
    "railing": ["railing", "rekkverk"],
    "retaining_wall": ["retainingwall", "stottemur", "forstotningsmur"],
}
BARRIER_WORDS = {word: barrier for barrier, words in _BARRIERS.items() for word in words}
"""What a fence is called, in the same bare form, to its kind."""
