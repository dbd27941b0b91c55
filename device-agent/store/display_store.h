/* The pass display on the disk: the plan in force and the pictures of it, and those pictures of the next plan that have
 * come already. The next plan takes the place of the former one in one transaction, whatever happens meanwhile. So
 * there are at most twice sixteen pictures, and sixteen when nothing is under way. One thread at a time. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "display_plan.h"
#include "reserve.h"
#include "status.h"

typedef struct display_store display_store;

/* Database and reserve (NULL: none) are borrowed; the tables are made when they are not there. */
SP_MUST_USE sp_status display_store_new(sqlite3 *database, reserve *held_back, display_store **ret_store);
void display_store_free(display_store *s); /* accepts NULL */

/* In force. Valid until the next one is, and never NULL. */
const display_plan *display_store_plan(const display_store *s);

/* What the server is told when the terminal comes: the version in force; 0 when pictures of it are missing, so that it
 * is sent again and they are asked for once more. */
int64_t display_store_version(const display_store *s);

bool display_store_has(display_store *s, const uint8_t sha256[32]);

/* A picture that was checked. STORE_FULL: there is no room for it; the reserve is for records and stays. */
SP_MUST_USE sp_status display_store_add(display_store *s, const uint8_t sha256[32], const uint8_t *jpeg, size_t size);

/* Deletes what neither the plan in force nor the next one has any use for. */
SP_MUST_USE sp_status display_store_tidy(display_store *s, const display_plan *next);

/* The plan is in force from here on, and the pictures that it does not have are gone; or nothing has changed. */
SP_MUST_USE sp_status display_store_put(display_store *s, const display_plan *plan);

/* A picture of the plan in force; the bytes are malloc's and the caller's. False when it is not there or memory is out.
 */
bool display_store_read(display_store *s, const display_picture *picture, uint8_t **ret_jpeg, size_t *ret_size);

/* There is no plan any more, and no picture of one. */
SP_MUST_USE sp_status display_store_clear(display_store *s);
