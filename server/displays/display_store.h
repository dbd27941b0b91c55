/* The SQL of pass displays (role app). Texts and messages live in the transaction's arena. */
#pragma once

#include "displays.h"
#include "smartpass/v1/displays.pb-c.h"

SP_STATUS(DISPLAY_NOT_FOUND, SP_NOT_FOUND, "There is no such picture of the pass display.");
SP_STATUS(TOO_MANY_DISPLAYS, SP_RESOURCE_EXHAUSTED, "A terminal shows at most 16 pictures.");
SP_STATUS(TOO_MANY_PEOPLE, SP_RESOURCE_EXHAUSTED, "A terminal shows pictures for at most 1 000 people.");

/* What the caller sees. */
typedef struct {
    int64_t enterprise_id;
    int64_t now_ms;
    db_arg groups; /* of org_scope */
    db_arg kinds;  /* of people whom he may view, as numbers */
} display_viewer;

/* What a display shall be. */
typedef struct {
    int64_t device_id;
    int64_t id;
    bool strangers;
    int seconds;
    const int64_t *person_ids; /* ascending, each once */
    size_t person_count;
    const photo_facts *picture; /* NULL: the present one stays */
} display_wish;

/* DEVICE_NOT_FOUND when the caller does not see the terminal. */
sp_status display_store_list(db_tx *tx, const display_viewer *viewer, int64_t device_id,
                             Smartpass__V1__Display ***ret_displays, size_t *ret_count) SP_MUST_USE;
sp_status display_store_get(db_tx *tx, const display_viewer *viewer, int64_t device_id, int64_t id,
                            Smartpass__V1__Display **ret_display) SP_MUST_USE;

/* The terminal, which is not deleted until tx ends. DEVICE_NOT_FOUND when the caller does not see it; ret_waiting may
 * be NULL. */
sp_status display_store_device(db_tx *tx, const display_viewer *viewer, int64_t device_id, const char **ret_name,
                               bool *ret_waiting) SP_MUST_USE;

/* Of which terminal it is; DISPLAY_NOT_FOUND also when the caller does not see that. Held as above. */
sp_status display_store_place(db_tx *tx, const display_viewer *viewer, int64_t id, int64_t *ret_device_id,
                              const char **ret_name) SP_MUST_USE;

/* Adds (with a picture) or changes; the terminal is held. */
sp_status display_store_add(blob_store *blobs, db_tx *tx, const display_viewer *viewer,
                            const display_wish *wish) SP_MUST_USE;
sp_status display_store_set(blob_store *blobs, db_tx *tx, const display_viewer *viewer,
                            const display_wish *wish) SP_MUST_USE;
sp_status display_store_delete(db_tx *tx, const display_viewer *viewer, int64_t device_id, int64_t id) SP_MUST_USE;

/* picture_id 0: whichever it has. */
sp_status display_store_read(blob_store *blobs, db_tx *tx, const display_viewer *viewer, int64_t id, int64_t picture_id,
                             const uint8_t **ret_bytes, size_t *ret_size) SP_MUST_USE;

/* ---- People (display_people.c) ----------------------------------------------------------------------------------- */

typedef enum { DISPLAY_PEOPLE_FINE, DISPLAY_PERSON_UNKNOWN, DISPLAY_PERSON_DENIED } display_people_outcome;

/* Whether the display may be theirs; they are not erased until tx ends. Whom the blacklist names may stay, and is not
 * added. */
sp_status display_people_hold(db_tx *tx, const display_viewer *viewer, const display_wish *wish,
                              display_people_outcome *ret_outcome) SP_MUST_USE;

/* Fills in person_ids, people and people_count of all displays of a terminal. */
sp_status display_people_fill(db_tx *tx, const display_viewer *viewer, int64_t device_id, int64_t id,
                              Smartpass__V1__Display *const *displays, size_t count) SP_MUST_USE;

/* ---- Inside server/displays -------------------------------------------------------------------------------------- */

/* The terminal's plan gets another version, under its lock. */
sp_status display_plan_raise(db_tx *tx, int64_t enterprise_id, int64_t device_id, int64_t *ret_version) SP_MUST_USE;

/* Whoever holds the terminal's stream hears of it when tx commits. */
sp_status display_notify(db_tx *tx, int64_t device_id) SP_MUST_USE;

/* Forgets the bytes of a picture that nothing refers to any more. */
sp_status display_picture_erase(db_tx *tx, int64_t enterprise_id, int64_t picture_id) SP_MUST_USE;
