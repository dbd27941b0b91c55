/* A store of people in memory for the feed's target. */
#pragma once

#include "people_store.h"

enum { FEED_PEOPLE_MAX = 6 };

people_store *feed_people_new(void);
bool feed_people_has_face(people_store *store, int64_t id);
uint32_t feed_people_faces(const people_store *store);
