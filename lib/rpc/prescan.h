/* The prescan with the whole path of a field that broke its limit, for the dispatcher's field violations. */
#pragma once

#include "rpc.h"

enum {
    PRESCAN_DEPTH_MAX = 64,
    PRESCAN_LIMITS_MAX = 128, /* limited fields of one message */
};

typedef struct {
    const char *field; /* name of the field that broke its limit, static; NULL: no limit was broken */
    char path[256];    /* "employee.name"; its head is cut off when it is longer */
    bool pieces;       /* a singular message field may have come in several pieces; false only when sure */
} prescan_fault;

sp_status prescan_message(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t size,
                          const rpc_limit *limits, size_t limit_count, prescan_fault *ret_fault);

/* No message of the table has more limited fields than a prescan can count. */
bool prescan_takes_limits(const rpc_limit *limits, size_t limit_count);
