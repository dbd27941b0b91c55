/* A server with the link on a real TLS port, as the product puts it together, and terminals that call it with
 * certificates of its authority. One test at a time. */
#pragma once

#include "link_service.h"
#include "smartpass/link/v1/link.client.h"
#include "smartpass/link/v1/link.names.h"
#include "world.h"

extern server_link *hall_link;
extern ingest *hall_ingest;
extern db_pool *hall_system, *hall_app;
extern blob_store *hall_blobs;
extern people_check_photo hall_look; /* what becomes of photos for forms; a test that sends some says so */

/* Fixtures of a test case. */
void hall_up(void);
void hall_down(void);

/* Waits up to five seconds until the link's hooks have said so: "device <id>;", "grants <device>: <count> from
 * <first>;", "snapshot <pass>;". */
bool hall_was_told(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An account that may enrol terminals. */
void hall_add_account(int64_t enterprise_id, const char *username, const char *password);

/* A certificate, known to the database; texts are malloc's. */
void hall_certify(int64_t enterprise_id, int64_t device_id, char **ret_key_pem, char **ret_certificate_pem);

/* With a certificate or, when both are NULL, without one. */
rpc_client *hall_client(const char *key_pem, const char *certificate_pem);

/* One terminal's connection, for one thread; its functions fail the test when they cannot do what they say. */
typedef struct {
    rpc_client *client;
    link_connect_client *stream;
    ConnectResponse *kept[64]; /* read already, but not asked for yet */
    size_t kept_count;
} station;

/* With a new certificate for a terminal of the world. */
void station_open(station *s, int64_t enterprise_id, int64_t device_id);
void station_open_with(station *s, const char *key_pem, const char *certificate_pem);

/* Hangs up and frees everything. */
void station_close(station *s);

/* Waits until the server ends the stream: its reason, the name of its code without one, "" for OK; the text lives until
 * the next call. */
const char *station_end(station *s);

/* ---- Up: false when the stream has ended ------------------------------------------------------------------------- */

typedef struct {
    uint32_t epoch;
    int64_t people_revision, settings_version, wiped_order;
    const char *engine; /* NULL: "engine-1" */
} hello;

bool station_say_hello(station *s, const hello *values);
bool station_send_records(station *s, uint32_t epoch, PassRecord **records, size_t count);
bool station_send_outcomes(station *s, const PeopleChanges *changes, Smartpass__V1__ApplyFailure failure);
bool station_send_settings(station *s, const SettingChanges *taken); /* all of them are in force */
bool station_send_snapshot(station *s, const SnapshotChunk *part);
bool station_send_capture(station *s, int64_t id, Smartpass__Link__V1__CaptureEvent event);
bool station_send_capture_part(station *s, const CaptureChunk *part);
bool station_send_heartbeat(station *s, uint64_t unsent);
bool station_ask_photo(station *s, int64_t person_id, ProtobufCBinaryData sha256, uint32_t offset);

/* ---- Down: what is read lives until the test ends ---------------------------------------------------------------- */

/* The next message of this kind; others are kept for later, in their order. */
const ConnectResponse *station_read(station *s, Smartpass__Link__V1__ConnectResponse__MessageCase kind);

const Welcome *station_hello(station *s, const hello *values); /* says hello and reads the answer */
const RecordAck *station_record_ack(station *s);
const PeopleChanges *station_people(station *s);
const SettingChanges *station_settings(station *s);
const CaptureOrder *station_capture(station *s);
