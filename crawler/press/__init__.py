"""A simulated provincial press on loopback, with known truth and faults: for the demo, the tests and the benchmarks.

with Press(start=datetime.now(UTC), n_articles=40, period_s=20).running() as press:
    press.write_portals(folder)                                # configuration to watch it with
    press.tell("baoapbac", Fault(kind="503", times=2))         # something goes wrong
    press.truth(), press.log                                   # what there was, and what was asked for
"""

from crawler.press.desk import Served
from crawler.press.faults import FAULT_KINDS, Fault, FaultKind
from crawler.press.roster import DEFAULT_PORTALS, PressPortal, Section
from crawler.press.server import Press
from crawler.press.truth import TrueArticle, Truth

__all__ = ["DEFAULT_PORTALS", "FAULT_KINDS", "Fault", "FaultKind", "Press", "PressPortal", "Section", "Served", "TrueArticle", "Truth"]
