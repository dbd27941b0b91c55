/* The number of the store's present life. It is kept outside the database as well, so that a lost database still raises
 * it: sequence numbers begin at 1 again only under an epoch never used before. */
#pragma once

#include <stdint.h>

#include "status.h"

/* The highest epoch ever used in this folder; 0: none. A file that makes no sense is an error, never an epoch. */
SP_MUST_USE sp_status store_epoch_read(const char *folder, uint32_t *ret_epoch);

/* Durable when it returns. */
SP_MUST_USE sp_status store_epoch_write(const char *folder, uint32_t epoch);

/* The lowest epoch that the server will accept since the terminal was last enrolled; 0: none was ordered. */
SP_MUST_USE sp_status store_epoch_ordered(const char *folder, uint32_t *ret_epoch);
SP_MUST_USE sp_status store_epoch_order(const char *folder, uint32_t epoch);
