/* The SQL of the link. Every function runs one transaction of the system role for one terminal. */
#pragma once

#include "link_parts.h"
#include "settings_link.h"

typedef struct {
    const char *device_name;
    const char *company_name;
    const char *time_zone;
    int64_t feed_revision;      /* the last one given out */
    int64_t lowest_unconfirmed; /* 0: all confirmed */
    int64_t acked_seq;
    int64_t settings_above; /* the version above which settings are told */
} link_welcome;

/* Notes the hello and reads what Welcome says. LINK_DEVICE_DELETED when the terminal is gone, LINK_DEVICE_MOVED when it
 * belongs to another enterprise since, CERTIFICATE_REVOKED when what opened its stream is not good any more; the same
 * for the settings below. Also notes whether the terminal waits to be accepted. LINK_WIPE_ORDERED when it must clear
 * itself first: t->wipe_order is the order. */
sp_status link_store_hello(terminal *t, arena *a, const Hello *hello, link_welcome *ret_welcome) SP_MUST_USE;

typedef struct {
    PersonChange *changes;
    size_t count;
} link_changes;

/* The next rows of the feed above a revision, at most cap, with the templates of the terminal's engine. */
sp_status link_store_feed(terminal *t, arena *a, int64_t above, int cap, link_changes *ret_changes) SP_MUST_USE;

sp_status link_store_outcomes(terminal *t, arena *a, PersonOutcome *const *outcomes, size_t count) SP_MUST_USE;

/* The photo of a person who shall be on the terminal; size 0 when it is not that picture any more. */
sp_status link_store_photo(terminal *t, arena *a, const PhotoRequest *request, const uint8_t **ret_photo,
                           size_t *ret_size) SP_MUST_USE;

enum { SETTINGS_PER_MESSAGE = 16 };

typedef struct {
    int64_t version; /* the last one given out */
    setting_told told[SETTINGS_PER_MESSAGE];
    size_t count;
} link_settings;

/* The settings to send next; none while others are under way. Also notes which photo is wanted of the terminal,
 * and whether it still waits. */
sp_status link_store_settings(terminal *t, arena *a, link_settings *ret_settings) SP_MUST_USE;

/* What became of settings, and what was changed at the terminal; notes what has to be sent (again) for it. */
sp_status link_store_setting_outcomes(terminal *t, arena *a, const setting_outcome *outcomes, size_t count) SP_MUST_USE;

/* Sends what link_store_settings has found (setting_feed.c). On the lane. */
void setting_feed(terminal *t, const link_settings *next);

typedef enum { SNAPSHOT_WANTED, SNAPSHOT_STORED, SNAPSHOT_REFUSED } snapshot_fate;

/* Whether a record with this picture exists and still lacks it. One whose person was erased takes none any more. */
sp_status link_store_snapshot_fate(terminal *t, arena *a, const SnapshotChunk *of, snapshot_fate *ret_fate) SP_MUST_USE;

/* Stores a whole picture for good, encrypted for its owner, when it is still wanted; ret_pass_id is the record's. */
sp_status link_store_snapshot(terminal *t, arena *a, const SnapshotChunk *of, const uint8_t *jpeg, size_t size,
                              snapshot_fate *ret_fate, int64_t *ret_pass_id) SP_MUST_USE;
