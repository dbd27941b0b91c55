/* What several terminals have in common. */
#pragma once

#include "db.h"
#include "smartpass/v1/settings.pb-c.h"

typedef struct {
    int64_t enterprise_id;
    int64_t now_ms;
    const int64_t *ids;
    size_t count;
} settings_chosen;

/* Those of ids (NULL: all) that are in one of the groups (org_scope). */
sp_status settings_choose(db_tx *tx, int64_t enterprise_id, db_arg groups, db_arg ids,
                          settings_chosen *ret_chosen) SP_MUST_USE;

/* The messages live in tx's arena. */
sp_status settings_view(db_tx *tx, const settings_chosen *chosen, Smartpass__V1__SettingsView *ret_view) SP_MUST_USE;
