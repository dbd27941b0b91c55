/* The people on the terminal, with their templates. One thread at a time. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "face_index.h"
#include "pass_rules.h"
#include "reserve.h"
#include "status.h"

typedef struct people_store people_store;

typedef struct {
    int64_t id;
    person_kind kind;
    char name[97];
    char number[33];
    char card[33];          /* empty: none */
    int64_t valid_from_ms;  /* 0: from ever */
    int64_t valid_until_ms; /* excluded; 0: for ever */
    char engine[65];        /* that made the template; empty: no template */
    bool has_face;
    float face[FACE_INDEX_LENGTH]; /* written by people_store_find only when asked for */
    uint8_t photo_sha256[32];
    bool has_photo;
} person;

/* Database and reserve are borrowed. On a full disk the reserve is released, and the change must be made anew. */
SP_MUST_USE sp_status people_store_new(sqlite3 *database, reserve *held_back, people_store **ret_store);
void people_store_free(people_store *store); /* accepts NULL */

/* A transaction around changes: what is put and removed in between becomes visible after a crash all or not at all,
 * together with the revision of the feed. */
SP_MUST_USE sp_status people_store_begin(people_store *store);
SP_MUST_USE sp_status people_store_commit(people_store *store, int64_t revision);
void people_store_rollback(people_store *store);

/* Inside a transaction. */
SP_MUST_USE sp_status people_store_put(people_store *store, const person *p);
SP_MUST_USE sp_status people_store_remove(people_store *store, int64_t id);

/* False when there is none. */
bool people_store_find(people_store *store, int64_t id, person *ret_person);

/* Of several, one on the blacklist. */
bool people_store_find_card(people_store *store, const char *card, person *ret_person);

/* Fills the index with every template of the engine. When there are templates of another, the terminal's software has
 * changed: the feed's revision goes back to 0, so that the server sends everybody again. */
SP_MUST_USE sp_status people_store_index(people_store *store, const char *engine, face_index *index);

/* Up to which revision everything has been applied or reported as failed. */
int64_t people_store_revision(const people_store *store);
uint32_t people_store_count(const people_store *store);      /* people */
uint32_t people_store_face_count(const people_store *store); /* people with a template */
