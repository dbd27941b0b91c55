/* The store of people in memory, under the interface of the one in SQLite: a fuzz target cannot wait for a disk. */
#include "feed_people.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

struct people_store {
    person people[FEED_PEOPLE_MAX], before[FEED_PEOPLE_MAX];
    uint32_t count, count_before;
    bool under_way;
    int64_t revision;
};

people_store *feed_people_new(void)
{
    people_store *store = calloc(1, sizeof *store);

    REQUIRE(store);
    return store;
}

static person *find(people_store *store, int64_t id)
{
    for (uint32_t i = 0; i < store->count; i++)
        if (store->people[i].id == id)
            return &store->people[i];
    return NULL;
}

void people_store_free(people_store *store)
{
    free(store);
}

sp_status people_store_begin(people_store *store)
{
    REQUIRE(!store->under_way);
    store->under_way = true;
    memcpy(store->before, store->people, sizeof store->before);
    store->count_before = store->count;
    return SP_DONE;
}

sp_status people_store_commit(people_store *store, int64_t revision)
{
    REQUIRE(store->under_way);
    store->under_way = false;
    store->revision = revision;
    return SP_DONE;
}

void people_store_rollback(people_store *store)
{
    store->under_way = false;
    memcpy(store->people, store->before, sizeof store->people);
    store->count = store->count_before;
}

sp_status people_store_put(people_store *store, const person *p)
{
    person *slot = find(store, p->id);

    REQUIRE(store->under_way && p->id > 0);
    REQUIRE(memchr(p->name, '\0', sizeof p->name) && memchr(p->card, '\0', sizeof p->card));
    if (!slot) {
        REQUIRE(store->count < FEED_PEOPLE_MAX);
        slot = &store->people[store->count++];
    }
    *slot = *p;
    return SP_DONE;
}

sp_status people_store_remove(people_store *store, int64_t id)
{
    person *gone = find(store, id);

    REQUIRE(store->under_way);
    if (gone)
        *gone = store->people[--store->count];
    return SP_DONE;
}

bool people_store_find(people_store *store, int64_t id, person *ret_person)
{
    const person *found = find(store, id);

    if (found)
        *ret_person = *found;
    return found != NULL;
}

uint32_t people_store_count(const people_store *store)
{
    return store->count;
}

int64_t people_store_revision(const people_store *store)
{
    return store->revision;
}

bool feed_people_has_face(people_store *store, int64_t id)
{
    const person *found = find(store, id);

    return found && found->has_face;
}

uint32_t feed_people_faces(const people_store *store)
{
    uint32_t faces = 0;

    for (uint32_t i = 0; i < store->count; i++)
        faces += store->people[i].has_face;
    return faces;
}
