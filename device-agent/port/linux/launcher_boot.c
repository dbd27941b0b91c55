#include "launcher_boot.h"

#include <fcntl.h>
#include <unistd.h>

#include "log.h"

enum { PIECE = 65536 };

static bool copy_all(int from, int to)
{
    char piece[PIECE];
    ssize_t n;

    while ((n = read(from, piece, sizeof piece)) > 0)
        for (ssize_t at = 0, written; at < n; at += written)
            if ((written = write(to, piece + at, (size_t)(n - at))) <= 0)
                return false;
    return n == 0;
}

/* This very program into a slot. */
static bool fill(const upgrade_folder *f, upgrade_slot slot)
{
    char path[UPGRADE_PATH_MAX];
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int to;
    bool filled;

    upgrade_fresh_path(f, slot, path);
    to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    filled = from >= 0 && to >= 0 && copy_all(from, to) && !sp_failed(upgrade_program_place(f, slot, to));
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    if (!filled)
        log_write(LOG_ERROR, "the terminal's program cannot be copied into its slot", NULL);
    return filled;
}

static bool has_program(const upgrade_folder *f, upgrade_slot slot)
{
    char path[UPGRADE_PATH_MAX];

    upgrade_program_path(f, slot, path);
    return access(path, X_OK) == 0;
}

/* Somebody has installed a newer launcher: what runs should not stay behind. One that has failed is not tried twice. */
static void bring_newer(const upgrade_folder *f, package_version version, upgrade_state *s)
{
    upgrade_state brought = *s;
    bool failed_before = s->phase == UPGRADE_FAILED && s->offer.rollout_id == 0 &&
                         package_version_compare(s->offer.version, version) == 0;

    if (failed_before || !upgrade_is_newer(s->current_version, version) || !upgrade_bring(&brought, version))
        return;
    if (fill(f, upgrade_other(s->current)) && !sp_failed(upgrade_state_write(f, &brought)))
        *s = brought;
}

bool launcher_begin(const upgrade_folder *f, package_version version, upgrade_state *ret)
{
    upgrade_state state = upgrade_fresh(UPGRADE_SLOT_A, version);
    bool found = !sp_failed(upgrade_state_read(f, &state));

    if (!found || !has_program(f, state.current)) {
        state = upgrade_fresh(state.current, version);
        if (!fill(f, state.current) || sp_failed(upgrade_state_write(f, &state)))
            return false;
    }
    bring_newer(f, version, &state);
    *ret = state;
    return true;
}

upgrade_slot launcher_choose(const upgrade_folder *f, upgrade_state *s)
{
    upgrade_state counted = *s;
    upgrade_slot slot = upgrade_boot(&counted);

    if (s->phase != UPGRADE_TRYING)
        return slot;
    if (sp_failed(upgrade_state_write(f, &counted))) {
        log_write(LOG_ERROR, "the start of a version on trial cannot be counted", NULL);
        return s->current;
    }
    if (counted.phase == UPGRADE_FAILED)
        log_write(LOG_WARNING, "the new version did not show that it works, the former one is back", NULL);
    *s = counted;
    return slot;
}

bool launcher_look_again(const upgrade_folder *f, upgrade_state *s)
{
    upgrade_state now;

    if (!sp_failed(upgrade_state_read(f, &now)))
        *s = now;
    return s->phase != UPGRADE_TRYING;
}

void launcher_roll_back(const upgrade_folder *f, upgrade_state *s)
{
    if (upgrade_fail(s, UPGRADE_ROLLED_BACK) && sp_failed(upgrade_state_write(f, s)))
        log_write(LOG_ERROR, "the end of a trial cannot be written down", NULL);
}

void launcher_mend(const upgrade_folder *f, package_version version, upgrade_state *s)
{
    log_write(LOG_ERROR, "the terminal's program cannot be started, the launcher's own takes its place", NULL);
    s->current_version = version;
    if (fill(f, s->current) && sp_failed(upgrade_state_write(f, s)))
        log_write(LOG_ERROR, "what runs cannot be written down", NULL);
}
