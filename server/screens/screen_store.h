/* The SQL of screens, for whoever looks (role app). Texts and pictures live in the transaction's arena. */
#pragma once

#include "blobs.h"
#include "db.h"
#include "smartpass/v1/screens.pb-c.h"

enum {
    SCREEN_LOOK_MS = 10000, /* that a look lasts */
    SCREENS_AT_ONCE = 8,    /* of one user */
};

SP_STATUS(DEVICE_OFFLINE, SP_FAILED_PRECONDITION, "The terminal is not online.");
SP_STATUS(NOT_WATCHING, SP_FAILED_PRECONDITION, "Nobody looked for ten seconds; look anew.");
SP_STATUS(SCREENS_TOO_MANY, SP_RESOURCE_EXHAUSTED, "So many screens cannot be looked at at once; close some.");

/* Who looks at what. */
typedef struct {
    int64_t enterprise_id, user_id, device_id;
    db_arg groups; /* of org_scope */
    int64_t now_ms;
} screen_viewer;

typedef struct {
    const char *name;
    bool online;
    bool waiting; /* nobody has accepted it yet */
} screen_device;

/* DEVICE_NOT_FOUND when the viewer does not see it. */
sp_status screen_store_device(db_tx *tx, const screen_viewer *viewer, screen_device *ret_device) SP_MUST_USE;

/* He looks from now on; the terminal's stream hears of it with the COMMIT. */
sp_status screen_store_look(db_tx *tx, const screen_viewer *viewer) SP_MUST_USE;

/* He looks on. NOT_WATCHING when his look was over. */
sp_status screen_store_look_on(db_tx *tx, const screen_viewer *viewer) SP_MUST_USE;

/* He looks no more. */
sp_status screen_store_leave(db_tx *tx, const screen_viewer *viewer) SP_MUST_USE;

/* What came last into frame, picture and show_time; without the picture when it is number after. */
sp_status screen_store_frame(db_tx *tx, const blob_store *blobs, const screen_viewer *viewer, int64_t after,
                             Smartpass__V1__Screen *ret_screen) SP_MUST_USE;
