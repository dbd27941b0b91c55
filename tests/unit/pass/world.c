#include "world.h"

#include <pthread.h>
#include <stdint.h>

#include "clock.h"
#include "id.h"

/* Of the test's process, never given back. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static arena memory = {.cap = SIZE_MAX};

int64_t world_enterprise(const char *time_zone)
{
    int64_t id = id_next();

    fixture_sql("INSERT INTO enterprise (id, name, time_zone, created_at, device_approval)"
                " VALUES (%lld, 'Enterprise %lld', '%s', now(), false)",
                (long long)id, (long long)id, time_zone);
    fixture_sql("INSERT INTO org_group VALUES (%lld, %lld, NULL, 'Everybody')", (long long)id, (long long)id);
    return id;
}

int64_t world_group(int64_t enterprise_id)
{
    return enterprise_id;
}

int64_t world_device(int64_t enterprise_id, const char *name)
{
    long long e = (long long)enterprise_id, id = (long long)id_next();

    fixture_sql("INSERT INTO device VALUES (%lld, %lld, %lld, 'SN%lld', '%s', '02:00:00:00:00:01', 'SIM', now())", e,
                id, e, id, name);
    fixture_sql("INSERT INTO device_status VALUES (%lld, %lld, false, NULL, 1, '', '', '', 0, 0, 0)", e, id);
    fixture_sql("INSERT INTO device_feed VALUES (%lld, %lld, 0)", e, id);
    fixture_sql("UPDATE device SET approved_at = now() WHERE id = %lld", id);
    return id;
}

int64_t world_person(int64_t enterprise_id, const char *number, const char *name)
{
    long long e = (long long)enterprise_id, id = (long long)id_next();

    fixture_sql("INSERT INTO person VALUES (%lld, %lld, 1, %lld, '%s', '%s', '', '', '', NULL, now(), now())", e, id, e,
                number, name);
    return id;
}

PassRecord world_record(uint64_t seq)
{
    PassRecord record = SMARTPASS__LINK__V1__PASS_RECORD__INIT;

    record.seq = seq;
    record.occurred_at_ms = clock_now_ms();
    record.clock_synced = true;
    record.kind = SMARTPASS__V1__PERSON_KIND__PERSON_KIND_STRANGER;
    record.result = SMARTPASS__V1__PASS_RESULT__PASS_RESULT_ALLOWED;
    record.temperature_centi = 3650;
    record.threshold_centi = 3730;
    return record;
}

PassRecord **world_records(uint64_t seq, size_t count)
{
    pthread_mutex_lock(&lock);
    PassRecord **list = arena_array(&memory, count, sizeof *list),
               *records = arena_array(&memory, count, sizeof *records);
    pthread_mutex_unlock(&lock);

    ck_assert(list && records);
    for (size_t i = 0; i < count; i++) {
        records[i] = world_record(seq + i);
        list[i] = &records[i];
    }
    return list;
}
