/* The contracts that the transcoder's targets work on, read once: the product's own, and that of the transcoder's unit
 * tests, which has a field of every kind. */
#pragma once

#include "descriptor_pool.h"

typedef struct {
    const descriptor_pool *pool;
    const message_type *message;
} fuzz_message;

/* One of the messages, chosen by the first byte of an input: those of the list in contracts.c, then requests and
 * replies of the product's methods. */
fuzz_message fuzz_message_chosen(uint8_t choice);

const descriptor_pool *fuzz_product_pool(void);
