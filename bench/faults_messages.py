"""Messages that come twice more, late and out of order."""

import time
from collections.abc import Callable

import redis

from bench.faults_attack import Attack
from worker.domain.task import Step
from worker.pipeline.redis_bell import RedisBell, queue_of

#: Seconds by which a ring that comes again may be late.
LATEST = 3.0
#: Shuffles a list where it is, so that no message is lost by the shuffling itself.
SHUFFLE = """
local ids = redis.call('lrange', KEYS[1], 0, -1)
for i = #ids, 2, -1 do
    local j = math.random(i)
    ids[i], ids[j] = ids[j], ids[i]
end
redis.call('del', KEYS[1])
for _, id in ipairs(ids) do redis.call('rpush', KEYS[1], id) end
return #ids
"""


def double_and_shuffle(attack: Attack) -> Callable[[], None]:
    """What to do at each look: ring twice more for each task that came, each at a drawn later moment; shuffle."""
    client = redis.Redis.from_url(attack.servers.redis.url)
    bell = RedisBell(attack.servers.redis.url)
    shuffle = client.register_script(SHUFFLE)
    late: list[float] = []
    rung_for = 0

    def act() -> None:
        nonlocal rung_for
        now, tasks = time.monotonic(), attack.room.count_tasks()
        late.extend(now + attack.rng.uniform(0.0, LATEST) for _ in range(2 * (tasks - rung_for)))
        rung_for = tasks
        for moment in [moment for moment in late if moment <= now]:
            late.remove(moment)
            bell.ring(attack.rng.choice(tuple(Step)))
            attack.done["ring"] += 1
        for step in Step:
            shuffle(keys=[f"dramatiq:{queue_of(step)}"])

    return act
