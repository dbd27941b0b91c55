/* A person as the database knows him, with what only answers have. */
#pragma once

#include "arena.h"
#include "person.h"

typedef struct {
    person who;
    int64_t created_ms, updated_ms;
    int32_t device_count;  /* terminals that have him */
    bool blacklisted;      /* an entry of the blacklist names his identity or card */
    const char *host_name; /* "" for none, and for one who is not seen */
} person_row;

/* Into an initialised message of the person's kind, which borrows the texts. Times are in the arena. */
void person_row_fill(arena *a, const person_row *row, ProtobufCMessage *message);

/* The same as a new message in the arena; NULL when memory is out. */
ProtobufCMessage *person_row_message(arena *a, const person_row *row);
