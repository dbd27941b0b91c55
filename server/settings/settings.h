/* Settings of terminals: what each should have, and what it says is in force (lib/setting has the rules of the values).
 *
 * A setting that was ever changed has a row with the version of its terminal at which it was; all others have their
 * factory value. A terminal is told whatever lies above the version that it knows. */
#pragma once

#include "db.h"
#include "rpc.h"
#include "setting.h"
#include "smartpass/v1/devices.pb-c.h"

/* ---- What is asked for ------------------------------------------------------------------------------------------- */

typedef struct {
    const setting_rule *rule;
    setting_value value;
} setting_change;

typedef struct {
    setting_change list[SETTING_COUNT]; /* by key */
    size_t count;
} setting_changes;

/* The settings that the mask names, checked; a fault is a violation at "update_mask" or at the setting's own field,
 * "settings.volume". A password is hashed here, which takes a while: not inside a transaction. Texts live in the call's
 * arena. */
sp_status settings_take(rpc_call *call, const Smartpass__V1__DeviceSettings *settings,
                        const Google__Protobuf__FieldMask *mask, setting_changes *ret_changes) SP_MUST_USE;

/* NULL when it is not among them. */
const setting_change *settings_find_change(const setting_changes *changes, uint32_t key);

/* For the audit log, which never shows a password: "volume, password". */
const char *settings_names(arena *a, const setting_changes *changes);

/* Gives them to all of these terminals, whatever each had, and tells whoever holds their streams. One that was deleted
 * meanwhile is passed over. A new name is the terminal's name as well. */
sp_status settings_write(db_tx *tx, int64_t enterprise_id, const int64_t *device_ids, size_t count,
                         const setting_changes *changes) SP_MUST_USE;

/* The settings of one terminal, and its name, go over to another, as if they had been given to it now; what else had
 * been changed there goes back to its factory value. */
sp_status settings_copy(db_tx *tx, int64_t enterprise_id, int64_t from_device_id, int64_t to_device_id) SP_MUST_USE;

/* The terminal's name was changed otherwise: it is a setting as well. */
sp_status settings_rename(db_tx *tx, int64_t enterprise_id, int64_t device_id, const char *name) SP_MUST_USE;

/* ---- What there is ----------------------------------------------------------------------------------------------- */

/* Factory values; NULL when memory is out. */
Smartpass__V1__DeviceSettings *settings_new(arena *a, int64_t version, const char *device_name);

/* Fills in settings (made by settings_new), pending_settings, refused_settings and risks of terminals. */
sp_status settings_fill(db_tx *tx, int64_t enterprise_id, Smartpass__V1__Device *const *devices,
                        size_t count) SP_MUST_USE;
