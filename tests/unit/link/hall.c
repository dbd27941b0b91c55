#include "hall.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "packages.h"
#include "session.h"

server_link *hall_link;
ingest *hall_ingest;
db_pool *hall_system, *hall_app;
blob_store *hall_blobs;
people_check_photo hall_look;

static authority *ca;
static session_server *sessions;
static server_people *people;
static server_packages *packages;
static rpc_server *server;
static int port;
static arena memory;
static uint8_t pepper[SHA256_SIZE];

/* Cheap enough for a test. */
static const password_policy passwords = {{8, 1, 1}, pepper, sizeof pepper};

/* ---- What the hooks are told ------------------------------------------------------------------------------------- */

static pthread_mutex_t told_lock = PTHREAD_MUTEX_INITIALIZER;
static char told[4096];

static void tell(const char *text)
{
    pthread_mutex_lock(&told_lock);
    strncat(told, text, sizeof told - strlen(told) - 1);
    pthread_mutex_unlock(&told_lock);
}

static void device_changed(void *arg, int64_t enterprise_id, int64_t device_id)
{
    char text[64];

    (void)arg;
    (void)enterprise_id;
    snprintf(text, sizeof text, "device %lld;", (long long)device_id);
    tell(text);
}

static void grants_changed(void *arg, int64_t enterprise_id, int64_t device_id, const int64_t *person_ids, size_t count)
{
    char text[96];

    (void)arg;
    (void)enterprise_id;
    snprintf(text, sizeof text, "grants %lld: %zu from %lld;", (long long)device_id, count, (long long)person_ids[0]);
    tell(text);
}

static void snapshot_stored(void *arg, int64_t enterprise_id, int64_t pass_id)
{
    char text[64];

    (void)arg;
    (void)enterprise_id;
    snprintf(text, sizeof text, "snapshot %lld;", (long long)pass_id);
    tell(text);
}

bool hall_was_told(const char *format, ...)
{
    char text[128];
    bool heard = false;
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (int i = 0; i < 500 && !heard; i++) {
        pthread_mutex_lock(&told_lock);
        heard = strstr(told, text) != NULL;
        pthread_mutex_unlock(&told_lock);
        if (!heard)
            usleep(10000);
    }
    return heard;
}

static sp_status look(void *arg, arena *a, const uint8_t *bytes, size_t size, photo_facts *ret_facts,
                      photo_refusal *ret_refusal)
{
    return hall_look(arg, a, bytes, size, ret_facts, ret_refusal);
}

/* ---- The server -------------------------------------------------------------------------------------------------- */

static void authority_make(void)
{
    char *key, *certificate;

    assert_done(authority_create("Hall", clock_now_ms(), &key, &certificate));
    assert_done(authority_load(certificate, key, &ca));
    secret_text_free(key);
    free(certificate);
}

static void server_start(void)
{
    static const char *const names[] = {"localhost"};
    char *key, *certificate;

    assert_done(authority_issue_server(ca, names, 1, clock_now_ms(), &key, &certificate));
    server = rpc_server_new(&(rpc_server_options){
        .workers = 4,
        .interceptors = (const rpc_interceptor[]){session_interceptor(sessions)},
        .interceptor_count = 1,
    });
    ck_assert_ptr_nonnull(server);
    link_register(hall_link, server);
    assert_done(rpc_server_listen(server,
                                  &(rpc_listener){.id = LISTENER_PUBLIC,
                                                  .address = "127.0.0.1:0",
                                                  .cert_pem = certificate,
                                                  .key_pem = key,
                                                  .ask_client_cert = true},
                                  &port));
    assert_done(rpc_server_start(server));
    secret_text_free(key);
    free(certificate);
}

void hall_up(void)
{
    char folder[128], key[144], software[144];

    snprintf(folder, sizeof folder, "%s/blobs-%d", fixture_directory, (int)getpid());
    snprintf(key, sizeof key, "%s.key", folder);
    snprintf(software, sizeof software, "%s.packages", folder);
    arena_init(&memory, 64 << 20);
    authority_make();
    hall_app = fixture_pool(DB_APP, 4);
    hall_system = fixture_pool(DB_SYSTEM, 12);
    hall_blobs = blob_store_new(&(blob_options){folder, key});
    sessions =
        session_new(&(session_options){.app = hall_app, .system = hall_system, .ca = ca, .passwords = passwords});
    hall_ingest = ingest_new(&(ingest_options){.system = hall_system});
    people =
        people_new(&(people_options){.app = hall_app, .system = hall_system, .blobs = hall_blobs, .check_photo = look});
    packages =
        packages_new(&(packages_options){.app = hall_app, .system = hall_system, .folder = software, .keys = software});
    hall_link = link_new(&(link_options){
        .system = hall_system,
        .in = hall_ingest,
        .blobs = hall_blobs,
        .people = people,
        .packages = packages,
        .ca = ca,
        .listen_conninfo = fixture_conninfo,
        .check_account = session_check_account,
        .check_account_arg = sessions,
        .hooks = {NULL, device_changed, grants_changed, snapshot_stored},
    });
    ck_assert(hall_blobs && sessions && people && hall_ingest && packages && hall_link);
    server_start();
}

void hall_down(void)
{
    rpc_server_stop(server, 200);
    ingest_free(hall_ingest);
    link_free(hall_link);
    packages_free(packages);
    people_free(people);
    session_free(sessions);
    rpc_server_free(server);
    blob_store_free(hall_blobs);
    db_pool_free(hall_system);
    db_pool_free(hall_app);
    authority_free(ca);
    arena_done(&memory);
}

void hall_add_account(int64_t enterprise_id, const char *username, const char *password)
{
    assert_done(session_add_account(hall_system, &passwords,
                                    &(new_account){.enterprise_id = enterprise_id,
                                                   .group_id = world_group(enterprise_id),
                                                   .username = username,
                                                   .password = password,
                                                   .super_admin = true}));
}

void hall_certify(int64_t enterprise_id, int64_t device_id, char **ret_key_pem, char **ret_certificate_pem)
{
    char device[24], enterprise[24], *request;
    certificate_facts facts;

    snprintf(device, sizeof device, "%lld", (long long)device_id);
    snprintf(enterprise, sizeof enterprise, "%lld", (long long)enterprise_id);
    assert_done(csr_new(device, ret_key_pem, &request));
    assert_done(authority_sign_client(ca, request, strlen(request), &(client_subject){device, enterprise, NULL},
                                      clock_now_ms(), ret_certificate_pem));
    assert_done(certificate_inspect(*ret_certificate_pem, &facts));
    fixture_sql("INSERT INTO device_certificate VALUES ('%s', %s, %s, now(), now() + interval '90 days')", facts.serial,
                enterprise, device);
    free(request);
}

/* ---- Terminals --------------------------------------------------------------------------------------------------- */

rpc_client *hall_client(const char *key_pem, const char *certificate_pem)
{
    char target[32];
    rpc_client *client;

    snprintf(target, sizeof target, "127.0.0.1:%d", port);
    client = rpc_client_new(&(rpc_client_options){.target = target,
                                                  .tls = true,
                                                  .ca_pem = authority_certificate_pem(ca),
                                                  .cert_pem = certificate_pem,
                                                  .key_pem = key_pem,
                                                  .server_name = "localhost"});
    ck_assert_ptr_nonnull(client);
    return client;
}

void station_open_with(station *s, const char *key_pem, const char *certificate_pem)
{
    *s = (station){.client = hall_client(key_pem, certificate_pem)};
    s->stream = link_connect_client_open(s->client, NULL);
    ck_assert_ptr_nonnull(s->stream);
}

void station_open(station *s, int64_t enterprise_id, int64_t device_id)
{
    char *key, *certificate;

    hall_certify(enterprise_id, device_id, &key, &certificate);
    station_open_with(s, key, certificate);
    secret_text_free(key);
    free(certificate);
}

static void message_free(void *message)
{
    protobuf_c_message_free_unpacked(message, NULL);
}

static void keep(ConnectResponse *message)
{
    ck_assert(arena_on_release(&memory, message_free, message));
}

const ConnectResponse *station_read(station *s, Smartpass__Link__V1__ConnectResponse__MessageCase kind)
{
    for (size_t i = 0; i < s->kept_count; i++)
        if (s->kept[i]->message_case == kind) {
            ConnectResponse *found = s->kept[i];
            memmove(&s->kept[i], &s->kept[i + 1], (--s->kept_count - i) * sizeof s->kept[0]);
            return found;
        }
    for (;;) {
        ConnectResponse *message = link_connect_client_read(s->stream);
        ck_assert_msg(message != NULL, "the stream ended: %s", station_end(s));
        keep(message);
        if (message->message_case == kind)
            return message;
        ck_assert_uint_lt(s->kept_count, sizeof s->kept / sizeof *s->kept);
        s->kept[s->kept_count++] = message;
    }
}

const char *station_end(station *s)
{
    static char reason[64];
    ConnectResponse *message;
    rpc_answer answer;

    while ((message = link_connect_client_read(s->stream)) != NULL) {
        keep(message);
        if (s->kept_count < sizeof s->kept / sizeof *s->kept)
            s->kept[s->kept_count++] = message;
    }
    sp_status status = link_connect_client_finish(s->stream, &answer);
    snprintf(reason, sizeof reason, "%s",
             *status.reason || !sp_failed(status) ? status.reason : sp_code_name(status.code));
    rpc_answer_done(&answer);
    s->stream = NULL;
    return reason;
}

void station_close(station *s)
{
    rpc_answer answer;

    if (s->stream) {
        link_connect_client_cancel(s->stream);
        sp_status ended = link_connect_client_finish(s->stream, &answer);
        (void)ended;
        rpc_answer_done(&answer);
    }
    rpc_client_free(s->client);
    *s = (station){0};
}

/* ---- Messages ---------------------------------------------------------------------------------------------------- */

bool station_send_records(station *s, uint32_t epoch, PassRecord **records, size_t count)
{
    ConnectRequest message = CONNECT_REQUEST_INIT;
    RecordBatch body = RECORD_BATCH_INIT;

    body.store_epoch = epoch;
    body.records = records;
    body.n_records = count;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_RECORDS;
    message.records = &body;
    return link_connect_client_write(s->stream, &message);
}

bool station_send_outcomes(station *s, const PeopleChanges *changes, Smartpass__V1__ApplyFailure failure)
{
    ConnectRequest message = CONNECT_REQUEST_INIT;
    PeopleReport body = PEOPLE_REPORT_INIT;
    PersonOutcome outcomes[32], *list[32];

    for (size_t i = 0; i < changes->n_changes; i++) {
        outcomes[i] = (PersonOutcome)PERSON_OUTCOME_INIT;
        outcomes[i].revision = changes->changes[i]->revision;
        outcomes[i].person_id = changes->changes[i]->person_id;
        outcomes[i].failure = failure;
        list[i] = &outcomes[i];
    }
    body.outcomes = list;
    body.n_outcomes = changes->n_changes;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_PEOPLE;
    message.people = &body;
    return link_connect_client_write(s->stream, &message);
}

bool station_send_capture(station *s, int64_t id, Smartpass__Link__V1__CaptureEvent event)
{
    ConnectRequest message = CONNECT_REQUEST_INIT;
    CaptureReport body = CAPTURE_REPORT_INIT;

    body.id = id;
    body.event = event;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_CAPTURE;
    message.capture = &body;
    return link_connect_client_write(s->stream, &message);
}

bool station_send_capture_part(station *s, const CaptureChunk *part)
{
    ConnectRequest message = CONNECT_REQUEST_INIT;

    message.message_case = SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_CAPTURE_CHUNK;
    message.capture_chunk = (CaptureChunk *)part;
    return link_connect_client_write(s->stream, &message);
}

bool station_send_settings(station *s, const SettingChanges *taken)
{
    enum { MOST = 16 };
    ConnectRequest message = CONNECT_REQUEST_INIT;
    SettingsReport body = SETTINGS_REPORT_INIT;
    SettingOutcome outcomes[MOST], *list[MOST];

    ck_assert_uint_le(taken->n_values, MOST);
    for (size_t i = 0; i < taken->n_values; i++) {
        outcomes[i] = (SettingOutcome)SETTING_OUTCOME_INIT;
        outcomes[i].key = taken->values[i]->key;
        outcomes[i].version = taken->values[i]->version;
        outcomes[i].number = taken->values[i]->number;
        outcomes[i].text = taken->values[i]->text;
        list[i] = &outcomes[i];
    }
    body.version = taken->values[taken->n_values - 1]->version;
    body.n_outcomes = taken->n_values;
    body.outcomes = list;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_SETTINGS;
    message.settings = &body;
    return link_connect_client_write(s->stream, &message);
}

bool station_send_snapshot(station *s, const SnapshotChunk *part)
{
    ConnectRequest message = CONNECT_REQUEST_INIT;

    message.message_case = SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_SNAPSHOT;
    message.snapshot = (SnapshotChunk *)part;
    return link_connect_client_write(s->stream, &message);
}

bool station_send_heartbeat(station *s, uint64_t unsent)
{
    ConnectRequest message = CONNECT_REQUEST_INIT;
    Heartbeat body = HEARTBEAT_INIT;

    body.unsent_records = unsent;
    body.people_count = 3;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_HEARTBEAT;
    message.heartbeat = &body;
    return link_connect_client_write(s->stream, &message);
}

bool station_ask_photo(station *s, int64_t person_id, ProtobufCBinaryData sha256, uint32_t offset)
{
    ConnectRequest message = CONNECT_REQUEST_INIT;
    PhotoRequest body = PHOTO_REQUEST_INIT;

    body.person_id = person_id;
    body.sha256 = sha256;
    body.offset = offset;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_PHOTO_REQUEST;
    message.photo_request = &body;
    return link_connect_client_write(s->stream, &message);
}

bool station_say_hello(station *s, const hello *values)
{
    ConnectRequest message = CONNECT_REQUEST_INIT;
    Hello body = HELLO_INIT;

    body.store_epoch = values->epoch;
    body.people_revision = values->people_revision;
    body.settings_version = values->settings_version;
    body.wiped_order = values->wiped_order;
    body.engine = values->engine ? (char *)values->engine : "engine-1";
    body.software_version = "1.2.3";
    body.address = "192.0.2.7";
    body.people_count = 5;
    message.message_case = SMARTPASS__LINK__V1__CONNECT_REQUEST__MESSAGE_HELLO;
    message.hello = &body;
    return link_connect_client_write(s->stream, &message);
}

const Welcome *station_hello(station *s, const hello *values)
{
    ck_assert(station_say_hello(s, values));
    return station_read(s, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_WELCOME)->welcome;
}

const RecordAck *station_record_ack(station *s)
{
    return station_read(s, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_RECORD_ACK)->record_ack;
}

const PeopleChanges *station_people(station *s)
{
    return station_read(s, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_PEOPLE)->people;
}

const SettingChanges *station_settings(station *s)
{
    return station_read(s, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_SETTING_CHANGES)->setting_changes;
}

const CaptureOrder *station_capture(station *s)
{
    return station_read(s, SMARTPASS__LINK__V1__CONNECT_RESPONSE__MESSAGE_CAPTURE)->capture;
}
