/* A store of people in memory for the feed's target. */
#pragma once

#include "people_store.h"

enum { FEED_PEOPLE_MAX = 6 };

people_store *feed_people_new(void);
