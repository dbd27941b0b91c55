#include "house.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "org.h"
#include "session.h"
#include "smartpass/v1/people.client.h"
#include "smartpass/v1/people.names.h"
#include "token.h"

server_people *house_people;
rpc_client *house_client;
sem_t house_look_begins, house_look_may_end;
int house_told;
int64_t house_told_person;
int house_revoked;
int64_t house_revoked_person;

static db_pool *app, *sys;
static blob_store *blobs;
static session_server *sessions;
static rpc_server *server;
static char tokens[HOUSE_CALLERS][TOKEN_TEXT_SIZE + 8];
static arena kept;
static uint8_t refusal[4096];
static size_t refusal_size;
static char reason_kept[64];

/* ---- The look at a picture, and the terminals -------------------------------------------------------------------- */

SP_STATUS(LOOK_CRASHED, SP_UNAVAILABLE, "The look at the picture ended early.");

static const char *const VERDICTS[] = {"NO_FACE", "SEVERAL_FACES", "TURNED_AWAY"};

const char *house_picture(const char *word, size_t size)
{
    static char bytes[1 << 20];

    memset(bytes, 'x', sizeof bytes);
    snprintf(bytes, size, "\xff\xd8\xff%s", word);
    return bytes;
}

static sp_status look(void *arg, arena *a, const uint8_t *bytes, size_t size, photo_facts *ret_facts,
                      photo_refusal *ret_refusal)
{
    const char *word = (const char *)bytes + 3;

    (void)arg;
    (void)a;
    if (strcmp(word, "CRASH") == 0)
        return LOOK_CRASHED;
    if (strcmp(word, "SLOW") == 0) {
        sem_post(&house_look_begins);
        sem_wait(&house_look_may_end);
    }
    for (size_t i = 0; i < sizeof VERDICTS / sizeof *VERDICTS; i++)
        if (strcmp(word, VERDICTS[i]) == 0)
            *ret_refusal = (photo_refusal){VERDICTS[i], "A sentence."};
    *ret_facts = (photo_facts){.photo = bytes,
                               .photo_size = size,
                               .thumbnail = (const uint8_t *)"\xff\xd8thumbnail",
                               .thumbnail_size = 11,
                               .face_template = (const uint8_t *)"128 numbers",
                               .face_template_size = 11,
                               .engine = "engine-1",
                               .width = 640,
                               .height = 480};
    return SP_DONE;
}

static sp_status tell(db_tx *tx, int64_t enterprise_id, const int64_t *person_ids, size_t count, int64_t now_ms)
{
    ck_assert_ptr_nonnull(tx);
    ck_assert_int_eq(enterprise_id, HOUSE_ENTERPRISE);
    ck_assert_int_gt(now_ms, 0);
    ck_assert_uint_gt(count, 0);
    house_told++;
    house_told_person = person_ids[0];
    return SP_DONE;
}

static sp_status take_off(db_tx *tx, int64_t enterprise_id, int64_t person_id, int64_t now_ms)
{
    ck_assert_ptr_nonnull(tx);
    ck_assert_int_eq(enterprise_id, HOUSE_ENTERPRISE);
    ck_assert_int_gt(now_ms, 0);
    house_revoked++;
    house_revoked_person = person_id;
    return SP_DONE;
}

/* ---- Up and down ------------------------------------------------------------------------------------------------- */

static void sign_in(house_caller who, int enterprise_id, int group_id)
{
    uint8_t hash[SHA256_SIZE];
    char token[TOKEN_TEXT_SIZE], hex[2 * SHA256_SIZE + 1];
    int user_id = 5020 + who;

    assert_done(token_new(token, hash));
    snprintf(tokens[who], sizeof tokens[who], "Bearer %s", token);
    for (int i = 0; i < SHA256_SIZE; i++)
        snprintf(hex + (size_t)i * 2, 3, "%02x", hash[i]);
    fixture_sql("INSERT INTO app_user VALUES (%d, %d, %d, 'user-%d', '', false, false, false, now(), '', true)"
                " ON CONFLICT DO NOTHING;"
                "INSERT INTO session VALUES ('\\x%s', %d, %d, now(), now(), now() + interval '1 hour', '', '', "
                "(random() * 1e15)::bigint)",
                enterprise_id, user_id, group_id, user_id, hex, enterprise_id, user_id);
}

static void furnish(void)
{
    fixture_sql("INSERT INTO enterprise VALUES (501, 'House', 'UTC', now()), (502, 'Others', 'UTC', now())"
                " ON CONFLICT DO NOTHING;"
                "INSERT INTO org_group VALUES (501, 5010, NULL, 'House'), (501, 5011, 5010, 'Office'),"
                " (501, 5012, 5010, 'Store'), (502, 5010, NULL, 'Others') ON CONFLICT DO NOTHING;"
                "DELETE FROM person WHERE enterprise_id = 501");
    sign_in(HOUSE_ADMIN, HOUSE_ENTERPRISE, HOUSE_ROOT);
    sign_in(HOUSE_OFFICE_CLERK, HOUSE_ENTERPRISE, HOUSE_OFFICE);
    sign_in(HOUSE_STRANGER, HOUSE_OTHER_ENTERPRISE, HOUSE_ROOT);
}

static void serve(void)
{
    const rpc_listener listener = {.id = LISTENER_PUBLIC, .address = "127.0.0.1:0"};
    char target[32];
    int port;

    server = rpc_server_new(&(rpc_server_options){
        .workers = 4,
        .interceptors = (const rpc_interceptor[]){session_interceptor(sessions)},
        .interceptor_count = 1,
    });
    ck_assert_ptr_nonnull(server);
    people_register(house_people, server);
    org_register(server);
    assert_done(rpc_server_listen(server, &listener, &port));
    assert_done(rpc_server_start(server));
    snprintf(target, sizeof target, "127.0.0.1:%d", port);
    house_client = rpc_client_new(&(rpc_client_options){.target = target});
    ck_assert_ptr_nonnull(house_client);
}

void house_up(void)
{
    char folder[128], key[136];

    log_set_level(LOG_ERROR); /* refusals are what most tests want */
    furnish();
    snprintf(folder, sizeof folder, "%s/people-%d", fixture_directory, (int)getpid());
    snprintf(key, sizeof key, "%s.key", folder);
    house_told = house_revoked = 0;
    arena_init(&kept, 4 << 20);
    sem_init(&house_look_begins, 0, 0);
    sem_init(&house_look_may_end, 0, 0);
    app = fixture_pool(DB_APP, 4);
    sys = fixture_pool(DB_SYSTEM, 4);
    blobs = blob_store_new(&(blob_options){folder, key});
    sessions = session_new(&(session_options){.app = app, .system = sys});
    ck_assert(blobs && sessions);
    house_people = people_new(&(people_options){.app = app,
                                                .system = sys,
                                                .blobs = blobs,
                                                .check_photo = look,
                                                .hooks = {.people_changed = tell, .person_revoked = take_off}});
    ck_assert_ptr_nonnull(house_people);
    serve();
}

void house_down(void)
{
    rpc_client_free(house_client);
    rpc_server_stop(server, 1000);
    rpc_server_free(server);
    people_free(house_people);
    session_free(sessions);
    blob_store_free(blobs);
    db_pool_free(app);
    db_pool_free(sys);
    arena_done(&kept);
}

/* ---- Calls ------------------------------------------------------------------------------------------------------- */

const rpc_options *house_as(house_caller who)
{
    static rpc_metadatum metadata[HOUSE_CALLERS];
    static rpc_options options[HOUSE_CALLERS];

    metadata[who] = (rpc_metadatum){"authorization", tokens[who]};
    options[who] = (rpc_options){.timeout_ms = 10000, .metadata = &metadata[who], .metadata_count = 1};
    return &options[who];
}

/* The answer's own memory ends with it. */
static const char *note_answer(rpc_answer *answer)
{
    refusal_size = answer->details_size < sizeof refusal ? answer->details_size : 0;
    if (refusal_size > 0)
        memcpy(refusal, answer->details, refusal_size);
    snprintf(reason_kept, sizeof reason_kept, "%s", answer->status.reason);
    rpc_answer_done(answer);
    return reason_kept;
}

bool house_refused_field(const char *field)
{
    return memmem(refusal, refusal_size, field, strlen(field)) != NULL;
}

int64_t house_upload(house_caller who, const char *bytes, size_t size, const char **ret_reason)
{
    people_upload_photo_client *call = people_upload_photo_client_open(house_client, house_as(who));
    rpc_answer answer = {0};
    Photo *photo = NULL;
    int64_t id = 0;

    for (size_t at = 0; at < size; at += 100000) {
        Google__Api__HttpBody part = GOOGLE__API__HTTP_BODY__INIT;

        part.data = (ProtobufCBinaryData){size - at < 100000 ? size - at : 100000, (uint8_t *)bytes + at};
        people_upload_photo_client_write(call, &part); /* false when it has been refused already */
    }
    if (!sp_failed(people_upload_photo_client_finish(call, &photo, &answer))) {
        ck_assert_int_eq(photo->width, 640);
        ck_assert_ptr_nonnull(photo->expire_time);
        id = photo->id;
        smartpass__v1__photo__free_unpacked(photo, NULL);
    }
    *ret_reason = note_answer(&answer);
    return id;
}

/* Into memory that lives until house_down. */
static void keep_employee(const Employee *from, Employee *to)
{
    size_t size = smartpass__v1__employee__get_packed_size(from);
    uint8_t *bytes = arena_alloc(&kept, size);

    smartpass__v1__employee__pack(from, bytes);
    *to = *(Employee *)rpc_unpack(&smartpass__v1__employee__descriptor, &kept, bytes, size);
}

const char *house_save(house_caller who, Employee *employee)
{
    CreateEmployeeRequest create = CREATE_EMPLOYEE_REQUEST_INIT;
    UpdateEmployeeRequest update = UPDATE_EMPLOYEE_REQUEST_INIT;
    rpc_answer answer = {0};
    Employee *reply = NULL;
    sp_status status;

    create.employee = update.employee = employee;
    if (employee->id == 0)
        status = people_create_employee(house_client, house_as(who), &create, &reply, &answer);
    else
        status = people_update_employee(house_client, house_as(who), &update, &reply, &answer);
    if (!sp_failed(status)) {
        keep_employee(reply, employee);
        smartpass__v1__employee__free_unpacked(reply, NULL);
    }
    return note_answer(&answer);
}

const char *house_get(house_caller who, int64_t id, Employee *ret_employee)
{
    GetEmployeeRequest request = GET_EMPLOYEE_REQUEST_INIT;
    rpc_answer answer = {0};
    Employee *reply = NULL;

    request.id = id;
    if (!sp_failed(people_get_employee(house_client, house_as(who), &request, &reply, &answer))) {
        keep_employee(reply, ret_employee);
        smartpass__v1__employee__free_unpacked(reply, NULL);
    }
    return note_answer(&answer);
}

const char *house_download(house_caller who, int64_t photo_id, bool thumbnail, char **ret_bytes, size_t *ret_size,
                           const char **ret_type)
{
    static char type[32];
    DownloadPhotoRequest request = DOWNLOAD_PHOTO_REQUEST_INIT;
    people_download_photo_client *call;
    Google__Api__HttpBody *part;
    rpc_answer answer = {0};

    request.id = photo_id;
    request.thumbnail = thumbnail;
    *ret_bytes = malloc(1 << 20);
    *ret_size = 0;
    type[0] = '\0';
    call = people_download_photo_client_open(house_client, house_as(who), &request);
    while ((part = people_download_photo_client_read(call)) != NULL) {
        if (*ret_size == 0)
            snprintf(type, sizeof type, "%s", part->content_type);
        memcpy(*ret_bytes + *ret_size, part->data.data, part->data.len);
        *ret_size += part->data.len;
        google__api__http_body__free_unpacked(part, NULL);
    }
    people_download_photo_client_finish(call, &answer);
    *ret_type = type;
    return note_answer(&answer);
}
