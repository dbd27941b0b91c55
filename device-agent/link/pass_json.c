#include "pass_json.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <time.h>

#include "hash.h"
#include "json_line.h"
#include "pass_rules.h"

/* ---- The contract's words ---------------------------------------------------------------------------------------- */

/* A value of an enumeration: its type, and our short name of it. */
static void put_word(json_line *j, const char *name, const char *type, const char *value)
{
    char text[64];

    snprintf(text, sizeof text, "%s_%s", type, value[0] ? value : "UNSPECIFIED");
    json_text(j, name, text);
}

/* The first that applies, as the console shows it. */
static const char *state_word(const PassRecord *record)
{
    return record->no_mask ? "NO_MASK" : record->abnormal ? "ABNORMAL_TEMPERATURE" : "NORMAL";
}

/* ---- Values ------------------------------------------------------------------------------------------------------ */

static bool put_time(json_line *j, const char *name, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    char day_and_time[24], text[32];
    struct tm tm;

    if (time_ms < 0 || !gmtime_r(&seconds, &tm) ||
        strftime(day_and_time, sizeof day_and_time, "%Y-%m-%dT%H:%M:%S", &tm) == 0)
        return false;
    snprintf(text, sizeof text, "%s.%03dZ", day_and_time, (int)(time_ms % 1000));
    json_text(j, name, text);
    return true;
}

/* Base64, as proto3 JSON has bytes; empty: no picture was taken. */
static void put_picture(json_line *j, const PassRecord *record, bool kept)
{
    bool there = kept && record->snapshot_sha256.size == SHA256_SIZE;
    char text[4 * ((SHA256_SIZE + 2) / 3) + 1] = "";

    if (there)
        EVP_EncodeBlock((unsigned char *)text, record->snapshot_sha256.bytes, SHA256_SIZE);
    json_bool(j, "hasSnapshot", there);
    json_text(j, "snapshotSha256", text);
}

size_t pass_json(const PassRecord *record, const pass_origin *origin, char out[PASS_JSON_MAX])
{
    json_line j;

    json_begin(&j, out, PASS_JSON_MAX);
    json_number(&j, "storeEpoch", origin->store_epoch);
    json_id(&j, "seq", (int64_t)record->seq);
    json_id(&j, "deviceId", origin->device_id);
    json_text(&j, "deviceName", origin->device_name);
    json_text(&j, "serialNumber", origin->serial_number);
    if (!put_time(&j, "occurTime", record->occurred_at_ms))
        return 0;
    json_bool(&j, "clockDoubtful", !record->clock_synced);
    put_word(&j, "kind", "PERSON_KIND", person_kind_name((person_kind)record->kind));
    json_id(&j, "personId", record->person_id);
    json_text(&j, "personName", record->person_name);
    json_text(&j, "personNumber", record->person_number);
    json_text(&j, "cardNumber", record->card_number);
    put_word(&j, "result", "PASS_RESULT", pass_result_name((pass_result)record->result));
    put_word(&j, "denyReason", "DENY_REASON", deny_reason_name((deny_reason)record->deny_reason));
    json_bool(&j, "authorised", record->authorised);
    put_word(&j, "state", "PASS_STATE", state_word(record));
    json_number(&j, "temperatureCenti", origin->temperature_kept ? record->temperature_centi : 0);
    json_number(&j, "thresholdCenti", record->threshold_centi);
    put_picture(&j, record, origin->photo_kept);
    return json_end(&j) ? j.size - 1 : 0; /* one line needs no end */
}
