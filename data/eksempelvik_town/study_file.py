"""The study file of Eksempelvik, as a planner would write it."""

STUDY_FILE = """\
# Eksempelvik er en oppdiktet kommune. Alt her er laget av data/make_eksempelvik.py.
name = "Eksempelvik"
note = "Fiktiv kommune: kart, tomter og boliger er oppdiktet"
language = "nb"
crs = "EPSG:25832"

[plots]
file = "tomter.gpkg"

[plots.columns]
plot_id = "tomt_id"
name = "navn"
gnr = "gnr"
bnr = "bnr"
plan_status = "planstatus"

[entrances]
file = "innganger.gpkg"
columns = { plot_id = "tomt_id" }

[register]
file = "enheter.csv"
crs = "EPSG:25832"
date = 2026-01-01

[register.columns]
unit_id = "enhet_id"
building_id = "bygning_id"
homes = "antall_boliger"
step = "trinn"
housing_form = "boform"
valid_from = "gyldig_fra"
valid_to = "gyldig_til"
x = "x"
y = "y"

# Alle boliger i kommunen, også de private: andelene er andeler av disse.
[dwellings]
source = "addresses"
file = "boliger.csv"
crs = "EPSG:25832"

[dwellings.columns]
dwellings = "boliger"
built = "bygd"
gone = "revet"
building_id = "bygning_id"

[areas]
file = "kretser.gpkg"
columns = { area_id = "grunnkretsnummer", name = "grunnkretsnavn" }

[extract]
file = "eksempelvik.osm.pbf"
attribution = "Oppdiktet kart, laget for tomteanalyse (MIT)"

# Hvem boligene er for: trinn 4 i boligtrappa, modulhus med fire boliger.
[profile]
step = 4
housing_form = "modulhus"
homes = 4

# Høyst hver femte bolig i et bygg eller borettslag skal være kommunal.
[concentration]
building_limit = 0.2
source = "fiktivt eksempel"
decision = "fiktivt vedtak 12/2025"

[[constraints]]
key = "flom"
reason = "ligger i flomsonen for 200-årsflom"
effect = "knock_out"
file = "flomsone.gpkg"
coverage = "flomsone_kartlagt.gpkg"
source = "fiktivt eksempel"
decision = "fiktivt vedtak 12/2025"

[[constraints]]
key = "skole"
reason = "ligger nærmere enn 100 m fra en skole"
effect = "must_clear"
criterion = "school"
min = 100
source = "fiktivt eksempel"

[[weight_sets]]
name = "Velforeningen"
source = "fiktivt eksempel"

[weight_sets.weights]
bus = 1
grocery = 1
recreation = 1
school = 3
kindergarten = 2
concentration = 3

[[weight_sets]]
name = "Politi og brann"
source = "fiktivt eksempel"

[weight_sets.weights]
bus = 1
grocery = 1
services = 1
centre = 1
emergency = 4
concentration = 2
"""

BEFORE_THE_STOP_WENT = STUDY_FILE.replace(
    'name = "Eksempelvik"', 'name = "Eksempelvik med holdeplassen på Sletta"'
).replace(
    "# Hvem boligene er for",
    """# Kartet slik det var før holdeplassen på Sletta ble lagt ned.
[corrections]
file = "holdeplass_tilbake.geojson"

# Hvem boligene er for""",
)
"""The same study with the stop by the motorway still there."""
