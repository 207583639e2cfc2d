"""
Where to build: siting models on plain arrays of travel times.

``seconds`` has the shape (demand, sites), with ``inf`` where no road leads; ``existing`` are column positions
and ``new`` is a number. Every answer is frozen, recomputed from the chosen sites, and says what is proved.
"""

from routing.siting.answer import Siting
from routing.siting.busy import LoggedBusy, busy_fraction, erlang_b, logged_busy
from routing.siting.centre import WorstPlan, min_worst
from routing.siting.cover import CoverPlan, expected_cover, max_cover
from routing.siting.marginal import MarginalCurve, marginal_curve
from routing.siting.median import MedianPlan, p_median
from routing.siting.needed import SitesNeeded, sites_needed
from routing.siting.options import Option, Options, ranking_bytes
from routing.siting.ranking import Ranking, Standing, WhyNot, rank_sites
from routing.siting.reliability import Reliability, reliability
from routing.siting.remark import Remark

__all__ = [
    "CoverPlan",
    "LoggedBusy",
    "MarginalCurve",
    "MedianPlan",
    "Option",
    "Options",
    "Ranking",
    "Reliability",
    "Remark",
    "SitesNeeded",
    "Siting",
    "Standing",
    "WhyNot",
    "WorstPlan",
    "busy_fraction",
    "erlang_b",
    "expected_cover",
    "logged_busy",
    "marginal_curve",
    "max_cover",
    "min_worst",
    "p_median",
    "rank_sites",
    "ranking_bytes",
    "reliability",
    "sites_needed",
]
