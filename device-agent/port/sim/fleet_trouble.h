/* What befalls a fleet at random: settings changed at terminals, the network gone for a moment, kills. One thread at a
 * time. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "fleet_terminal.h"
#include "options.h"

typedef struct {
    const agent_options *options;
    fleet_terminal **terminals; /* borrowed */
    size_t count;
    uint64_t dice;
    int64_t dealt_ms; /* up to when trouble was dealt out */
    double owed_edits, owed_outages, owed_kills;
    uint64_t edits, outages, kills; /* so far */
} fleet_trouble;

/* Of the options' seed, or of another each time. */
void fleet_trouble_init(fleet_trouble *t, const agent_options *options);

/* A number below a bound that is not 0. */
uint64_t fleet_trouble_roll(fleet_trouble *t, uint64_t bound);

/* From now on, to these terminals. */
void fleet_trouble_begin(fleet_trouble *t, fleet_terminal **terminals, size_t count, int64_t now_ms);

/* Deals out what is due by now. */
void fleet_trouble_step(fleet_trouble *t, int64_t now_ms);
