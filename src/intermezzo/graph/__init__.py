"""From a study to jobs: identity, sharing, cost, plan, why. Loads no torch."""

from intermezzo.graph.build import Graph, Sharing, build
from intermezzo.graph.facts import DataFacts, EncoderFacts
from intermezzo.graph.job import Estimate, Job
from intermezzo.graph.plan import needed, plan

__all__ = ["DataFacts", "EncoderFacts", "Estimate", "Graph", "Job", "Sharing", "build", "needed", "plan"]
