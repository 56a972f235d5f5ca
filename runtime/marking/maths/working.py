"""stub"""
from runtime.marking.item import Item
from runtime.marking.mark import Evidence
import msgspec
class Work(msgspec.Struct, frozen=True):
    evidence: tuple[Evidence, ...] = ()
    first_wrong_step: int | None = None
def check_working(item: Item) -> Work:
    return Work()
def step_of(item: Item, at: int) -> int | None:
    for i, line in enumerate(item.lines()):
        if line.start <= at < max(line.end, line.start+1):
            return i
    return None
