/* What tests of records and grants need around them: enterprises, terminals and people in the real database, and
 * records as a terminal sends them. Each test takes an enterprise of its own, so that tests see nothing of each other.
 */
#pragma once

#include "fixture.h"
#include "smartpass/link/v1/link.pb-c.h"

typedef Smartpass__Link__V1__PassRecord PassRecord;

int64_t world_enterprise(const char *time_zone);
int64_t world_group(int64_t enterprise_id); /* the enterprise's own group */
int64_t world_device(int64_t enterprise_id, const char *name);
int64_t world_person(int64_t enterprise_id, const char *number, const char *name);

/* A stranger's pass at 36.5 °C, allowed, now. */
PassRecord world_record(uint64_t seq);

/* count records from seq on, in memory that lives as long as the test. */
PassRecord **world_records(uint64_t seq, size_t count);
