/* Pass displays as whoever holds the terminal's stream sees them (role system). Each function is one transaction. [any
 * thread] */
#pragma once

#include "displays.h"

enum { DISPLAY_PLAN_PICTURES = 16, DISPLAY_REASON_MAX = 32 };

typedef struct {
    int64_t id;
    const uint8_t *sha256; /* 32 bytes */
    uint32_t size;
    uint32_t seconds;
    bool strangers;
} display_plan_picture;

typedef struct {
    int64_t person_id;
    uint32_t picture; /* index */
} display_plan_owner;

/* Whole, and of one version; 0 and empty when there never was one. In the arena. */
typedef struct {
    int64_t version;
    display_plan_picture pictures[DISPLAY_PLAN_PICTURES];
    size_t picture_count;
    display_plan_owner *owners; /* each person once */
    size_t owner_count;
} display_plan;

typedef struct {
    int64_t enterprise_id, device_id;
} display_terminal;

sp_status display_plan_read(server_displays *displays, arena *a, const display_terminal *of,
                            display_plan *ret_plan) SP_MUST_USE;

/* The bytes of a picture of the plan, in the arena; size 0 when it is not in it any more, and bytes NULL when it is but
 * was lost or damaged on our disk. */
sp_status display_plan_picture_read(server_displays *displays, arena *a, const display_terminal *of, int64_t id,
                                    const uint8_t sha256[32], const uint8_t **ret_bytes, size_t *ret_size) SP_MUST_USE;

typedef struct {
    int64_t id;
    const char *reason;
} display_refusal;

/* This version is in force, but for these pictures. What is said of another version than any that we gave changes
 * nothing. */
sp_status display_plan_report(server_displays *displays, const display_terminal *of, int64_t version,
                              const display_refusal *refusals, size_t count) SP_MUST_USE;
