"""Which backups are kept: the newest of each day and week, as far back as is said."""

import shutil

from .backup import all_in, moment_of
from .folders import alone_in, sync_folder

DOOMED = ".deleted-"


def prune(root, *, daily, weekly):
    """Delete the other backups of a folder; returns how many."""
    with alone_in(root):
        backups = all_in(root)
        kept = chosen([moment_of(one.folder) for one in backups], daily, weekly)
        gone = [one for one in backups if moment_of(one.folder) not in kept]
        for backup in gone:
            # By another name first: half of one must not be taken for a whole.
            backup.folder.rename(backup.folder.with_name(DOOMED + backup.folder.name))
        # Those of a run that was interrupted, too.
        for doomed in root.glob(f"{DOOMED}*"):
            shutil.rmtree(doomed)
        sync_folder(root)
    return len(gone)


def chosen(moments, daily, weekly):
    """Return those of these moments whose backups are kept; always the newest."""
    newest = sorted(moments, reverse=True)
    days, weeks = {}, {}
    for moment in newest:
        days.setdefault(moment.date(), moment)
        weeks.setdefault(moment.isocalendar()[:2], moment)
    return {
        *newest[:1],
        *list(days.values())[:daily],
        *list(weeks.values())[:weekly],
    }
