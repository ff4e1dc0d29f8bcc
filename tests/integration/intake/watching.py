"""`pigeonhole watch` on a real site, except that the file `hang` beside the site holds it up before it accepts."""

import sys
import threading
import time
from pathlib import Path

from worker.domain.document import Arrival
from worker.domain.envelope import Incoming
from worker.intake.hot_folder import WatchOptions
from worker.intake.watch import watch_folder
from worker.wiring import open_site


def main(folder: Path, home: Path) -> None:
    """Watches `folder` for the site at `home` until nothing is waited for."""
    site = open_site(home)

    def accept(incoming: Incoming, path: Path, refusal: str = "") -> Arrival:
        while home.with_name("hang").exists():
            time.sleep(0.01)
        return site.accept(incoming, path, refusal)

    options = WatchOptions(site.now, "routine", every=0.1, still=0.2, once=True)
    watch_folder(folder, accept, options, threading.Event())


main(Path(sys.argv[1]), Path(sys.argv[2]))
