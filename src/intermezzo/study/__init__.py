"""What a person writes: a study file becomes a resolved ``Study``; errors name file, line and field."""

from intermezzo.study.init import init_study
from intermezzo.study.ladders import ladder_names
from intermezzo.study.load import load_study
from intermezzo.study.recipe import EarlyStopping, Lora, Recipe
from intermezzo.study.schema_json import study_schema
from intermezzo.study.study import Analysis, Encoder, Limits, Member, Phase, Route, Study, Target

__all__ = [
    "Analysis",
    "EarlyStopping",
    "Encoder",
    "Limits",
    "Lora",
    "Member",
    "Phase",
    "Recipe",
    "Route",
    "Study",
    "Target",
    "init_study",
    "ladder_names",
    "load_study",
    "study_schema",
]
