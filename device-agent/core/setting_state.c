#include "setting_state.h"

/* A version below ours is heard as well: a server that came back from an old copy is right about what it has. */
setting_step setting_hear(setting_state here, int64_t version, uint64_t edit)
{
    bool newer_here = here.edit != 0 && here.edit != edit;

    if (newer_here && edit != 0) /* an earlier change of ours: the later one stays, based on it */
        return (setting_step){{version, here.edit}, .tell = version != here.version};
    if (newer_here && version == here.version) /* what ours is based on, once more: a report was lost */
        return (setting_step){here, false, false};
    return (setting_step){{version, 0}, .take = true};
}
