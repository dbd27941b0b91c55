/* Packages as a whole: what they are made of. */
#include "packages.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "log.h"
#include "package_parts.h"
#include "rollout_driver.h"

enum { WRITERS = 2, TICK_MS = 10000, ARENA = 1 << 20 };

/* Terminals come and go without a word about rollouts: what follows from that follows now and then. */
static void move_on(void *arg)
{
    server_packages *packages = arg;
    arena memory;
    db_tx *tx;

    arena_init(&memory, ARENA);
    sp_status st = db_begin(packages->system, 0, &memory, &tx);
    if (!sp_failed(st))
        st = db_end(tx, rollout_drive(tx, 0, 0, clock_now_ms(), true));
    if (sp_failed(st))
        log_write(LOG_WARNING, "rollouts wait", "reason", st.reason, NULL);
    arena_done(&memory);
}

server_packages *packages_new(const packages_options *options)
{
    server_packages *packages = calloc(1, sizeof *packages);

    if (!packages)
        return NULL;
    packages->app = options->app;
    packages->system = options->system;
    snprintf(packages->keys, sizeof packages->keys, "%s", options->keys);
    packages->files = package_files_new(options->folder);
    packages->writers = lanes_new(WRITERS);
    packages->ticker = packages->files && packages->writers ? ticker_new(TICK_MS, move_on, packages) : NULL;
    if (!packages->ticker) {
        packages_free(packages);
        return NULL;
    }
    return packages;
}

void packages_free(server_packages *packages)
{
    if (!packages)
        return;
    ticker_free(packages->ticker);
    lanes_free(packages->writers);
    package_files_free(packages->files);
    free(packages);
}

sp_status packages_sweep(server_packages *packages)
{
    return package_files_sweep(packages->files, packages->system);
}
