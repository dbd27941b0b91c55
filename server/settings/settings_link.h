/* Settings as the device link tells them and hears of them, in transactions of the role system. */
#pragma once

#include "settings_rules.h"
#include "db.h"

/* A value on its way down. */
typedef struct {
    const setting_rule *rule;
    int64_t version;
    int64_t edit; /* the change at the terminal that gave it; 0: it comes from here */
    setting_value value;
} setting_told;

/* Above which version a terminal is told that says it knows this one: what it never confirmed comes again. One that
 * knows more than was ever given out (the database was restored) is told everything anew, with versions above that. */
sp_status settings_start(db_tx *tx, int64_t enterprise_id, int64_t device_id, int64_t known,
                         int64_t *ret_above) SP_MUST_USE;

/* What lies above a version, in its order. */
sp_status settings_above(db_tx *tx, int64_t enterprise_id, int64_t device_id, int64_t above, size_t cap,
                         setting_told *ret_told, size_t *ret_count) SP_MUST_USE;

/* Notes what became of values, and takes what was changed at the terminal; a new name is the terminal's. *ret_again is
 * the lowest version that has to be told (again) for it, 0: none. */
sp_status settings_reported(db_tx *tx, int64_t enterprise_id, int64_t device_id, const setting_outcome *outcomes,
                            size_t count, int64_t *ret_again) SP_MUST_USE;
