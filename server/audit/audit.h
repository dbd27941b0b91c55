/* The audit log, for those who write it: rows, what an object was before and after, and erasing what speaks of a
 * person. Rows are only ever added; audit_sealer.h chains them, audit_verify.h shows whether the chain holds.
 *
 * Nothing here knows of calls or sessions: server/session decides what becomes a row. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "arena.h"
#include "db.h"

enum { AUDIT_JSON_MAX = 16 * 1024 };

/* All texts may be NULL, which is "". Borrowed. */
typedef struct {
    int64_t enterprise_id;
    int64_t now_ms;
    const char *operator_name; /* "admin", "device:<id>" */
    int64_t operator_id;       /* 0: none */
    const char *address;
    const char *module;
    const char *action;
    const char *object;
    sp_status outcome;
    int64_t person_id; /* whom object, before and after speak of: they are erased with him; 0: nobody */
    const char *before, *after;
} audit_entry;

/* In tx, of either role; the row is there when tx commits. */
sp_status audit_add(db_tx *tx, const audit_entry *entry) SP_MUST_USE;

/* Forgets names and data of a person in all rows; that something happened, when and by whom stays, and the chain holds.
 * tx is of either role. */
sp_status audit_erase_person(db_tx *tx, int64_t enterprise_id, int64_t person_id) SP_MUST_USE;

/* "people" for "/smartpass.v1.PeopleService/GetEmployee"; in the arena, "" for anything else. */
const char *audit_module(arena *a, const char *path);

/* A message as compact JSON in the arena: as proto3 JSON, but without bytes and fields whose name speaks of a secret,
 * and with long texts and lists cut. More than AUDIT_JSON_MAX bytes become a note of it. NULL when memory is out. */
const char *audit_json(arena *a, const ProtobufCMessage *message);
