"""The study file ``tomteanalyse.toml``: what it may say, and its defaults.

The models hold what the planner wrote, checked for form. Whether files exist and what is in them
is the business of `tomteanalyse.inputs`; what a criterion's key means is that of
`tomteanalyse.scoring`.
"""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tomteanalyse.texts import Language

Step = Literal[1, 2, 3, 4, 5]
HousingForm = Literal[
    "ordinaer_bolig",
    "samlokalisert",
    "bofellesskap",
    "smaahus",
    "modulhus",
    "firemannsbolig",
    "tun_med_base",
]
Effect = Literal["knock_out", "must_clear"]
Anchor = tuple[float, Annotated[float, Field(ge=0, le=1)]]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class PlotsConfig(_Section):
    """The file of candidate plots."""

    file: Text = "tomter.gpkg"
    layer: Text | None = None
    crs: Text | None = None
    columns: dict[
        Literal["plot_id", "name", "gnr", "bnr", "plan_status", "planned_homes"], Text
    ] = Field(default_factory=dict)


class EntrancesConfig(_Section):
    """An optional file of points where the plots are entered."""

    file: Text
    layer: Text | None = None
    crs: Text | None = None
    columns: dict[Literal["plot_id"], Text] = Field(default_factory=dict)


UnitColumn = Literal[
    "unit_id",
    "homes",
    "step",
    "housing_form",
    "building_id",
    "valid_from",
    "valid_to",
    "began",
    "ended",
    "shared_housing",
    "x",
    "y",
    "address",
]


class RegisterConfig(_Section):
    """The register of existing municipal homes.

    ``date`` decides which units count: those valid on that day. Without it every row without
    an end date counts.
    """

    file: Text = "enheter.csv"
    layer: Text | None = None
    crs: Text | None = None
    sheet: Text | None = None
    on: date | None = Field(default=None, alias="date")
    columns: dict[UnitColumn, Text] = Field(default_factory=dict)


class AddressesConfig(_Section):
    """A local Matrikkelen address file, to place units that have an address only."""

    file: Text


DwellingColumn = Literal["dwellings", "residents", "built", "gone", "building_id", "cell", "x", "y"]


class DwellingsConfig(_Section):
    """All dwellings of the municipality, municipal or not: what shares are shares of.

    ``source`` says what the file is: addresses (a row per address or home), buildings (polygons
    with flats; without a file those of the extract) or the statistical grid, spread over the
    buildings in each cell. A grid of residents is turned into dwellings by
    ``residents_per_dwelling``.
    """

    source: Literal["addresses", "buildings", "grid"]
    file: Text | None = None
    layer: Text | None = None
    crs: Text | None = None
    sheet: Text | None = None
    columns: dict[DwellingColumn, Text] = Field(default_factory=dict)
    residents_per_dwelling: Annotated[float, Field(gt=0, le=20)] | None = None

    @model_validator(mode="after")
    def _has_file(self) -> "DwellingsConfig":
        if self.file is None and self.source != "buildings":
            raise ValueError("dwellings_file")
        return self


class AreasConfig(_Section):
    """An optional file of districts or basic statistical units (grunnkretser)."""

    file: Text
    layer: Text | None = None
    crs: Text | None = None
    columns: dict[Literal["area_id", "name"], Text] = Field(default_factory=dict)


class ExtractConfig(_Section):
    """The OpenStreetMap extract, and the area `tomteanalyse fetch` gets it for.

    ``attribution`` replaces the credit to OpenStreetMap's contributors where the map is not theirs.
    """

    file: Text = "omraade.osm.pbf"
    place: Text | None = None
    attribution: Text | None = None
    margin_m: Annotated[float, Field(ge=0, le=20_000)] = 2500.0


CorrectionColumn = Literal[
    "kind", "date", "source", "note", "name", "crossing", "barrier", "speed_kmh", "way"
]


class CorrectionsConfig(_Section):
    """An optional file of what the map has wrong, or what has changed since it was made."""

    file: Text
    layer: Text | None = None
    crs: Text | None = None
    columns: dict[CorrectionColumn, Text] = Field(default_factory=dict)


class VisitsConfig(_Section):
    """An optional file of named places that residents go to; no private homes."""

    file: Text
    layer: Text | None = None
    crs: Text | None = None
    columns: dict[Literal["name"], Text] = Field(default_factory=dict)


class ProfileConfig(_Section):
    """Whom the housing is for: the step of the boligtrapp and the form of the housing.

    ``homes`` is how many are planned on a plot, where the plot does not say so itself.
    """

    step: Step
    housing_form: HousingForm
    homes: Annotated[int, Field(ge=1, le=1000)] | None = None


class _Decided(_Section):
    """Something normative: it says where it comes from, and whether it has been adopted."""

    source: Text
    decision: Text | None = None


class CriterionConfig(_Decided):
    """Another weight or other anchors for one criterion; ``source`` is required.

    A weight counts on the profile's scale, where the heaviest criterion has 100.
    """

    weight: Weight | None = None
    anchors: Annotated[list[Anchor], Field(min_length=2)] | None = None

    @field_validator("anchors")
    @classmethod
    def _rising(cls, anchors: list[Anchor] | None) -> list[Anchor] | None:
        if anchors and any(a[0] >= b[0] for a, b in pairwise(anchors)):
            raise ValueError("anchors_not_rising")
        return anchors


class ConstraintConfig(_Decided):
    """A condition that no other point can buy off.

    Either a polygon ``layer`` file the plot must not touch (with optional ``coverage``, the
    polygons that have been mapped), or a ``criterion`` with ``min`` and/or ``max`` in its own unit.
    """

    key: Text
    reason: Text
    effect: Effect = "knock_out"
    file: Text | None = None
    layer: Text | None = None
    crs: Text | None = None
    coverage: Text | None = None
    criterion: Text | None = None
    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "ConstraintConfig":
        if (self.file is None) == (self.criterion is None):
            raise ValueError("constraint_kind")
        if self.criterion is not None and self.min is None and self.max is None:
            raise ValueError("constraint_limit")
        return self


class WeightSetConfig(_Section):
    """The weights of one interested party, shown beside the profile's."""

    name: Text
    source: Text
    weights: dict[str, Weight]


class ConcentrationConfig(_Decided):
    """What counts as concentrated: weights of homes by step, and a limit for one building.

    ``building_limit`` is the greatest municipal share (0-1) of a building's or association's homes
    that the municipality wants; there is none unless it is stated.
    """

    step_weights: dict[Literal["1", "2", "3", "4", "5", "unknown"], Weight] = Field(
        default_factory=dict
    )
    building_limit: Annotated[float, Field(gt=0, le=1)] | None = None


LEAST_FLOOR, USUAL_FLOOR = 3, 10


class PublicConfig(_Section):
    """What the public edition may tell: no number of homes below ``floor``.

    A floor below the usual one takes a written reason, which is kept. What has been told is
    remembered in the file ``releases``, which all studies of a register must share; by default it
    lies beside the register.
    """

    floor: Annotated[int, Field(ge=LEAST_FLOOR, le=1000)] = USUAL_FLOOR
    reason: Text | None = None
    releases: Text | None = None

    @model_validator(mode="after")
    def _reasoned(self) -> "PublicConfig":
        if self.floor < USUAL_FLOOR and self.reason is None:
            raise ValueError("floor_reason")
        return self


class ShortcutsConfig(_Section):
    """How unsafe shortcuts are looked for: ``closely`` of the best plots get the fine pass."""

    closely: Annotated[int, Field(ge=0, le=200)] = 10


class RobustnessConfig(_Section):
    """How the doubt about weights and measurements is drawn."""

    draws: Annotated[int, Field(ge=100, le=1_000_000)] = 10_000
    seed: Annotated[int, Field(ge=0)] = 20_200_101


class StudyConfig(_Section):
    """The whole study file; ``note`` is shown beside the name wherever the result is."""

    name: Text
    note: Text | None = None
    language: Language = "nb"
    crs: Text = "EPSG:25832"
    plots: PlotsConfig = PlotsConfig()
    entrances: EntrancesConfig | None = None
    units: RegisterConfig = Field(default=RegisterConfig(), alias="register")
    addresses: AddressesConfig | None = None
    dwellings: DwellingsConfig | None = None
    areas: AreasConfig | None = None
    extract: ExtractConfig = ExtractConfig()
    corrections: CorrectionsConfig | None = None
    visits: VisitsConfig | None = None
    profile: ProfileConfig
    criteria: dict[str, CriterionConfig] = Field(default_factory=dict)
    constraints: list[ConstraintConfig] = Field(default_factory=list)
    weight_sets: list[WeightSetConfig] = Field(default_factory=list)
    concentration: ConcentrationConfig | None = None
    shortcuts: ShortcutsConfig = ShortcutsConfig()
    public: PublicConfig = PublicConfig()
    robustness: RobustnessConfig = RobustnessConfig()
