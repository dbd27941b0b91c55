#include "hut.h"

#include <pthread.h>
#include <string.h>

#include "hut_descriptors.h"
#include "hut_service.h"
#include "rpc_interceptors.h"

hut_place hut;

/* Of the one server. */
static rpc_metrics *metrics;
static rpc_limiter *limiter;

static const rpc_metadatum metadata[] = {{"x-note", "A note that goes with each call."}};
const rpc_options hut_options = {.timeout_ms = HUT_PATIENCE_MS, .metadata = metadata, .metadata_count = 1};

static rpc_server *new_server(void)
{
    static const rpc_deadlines deadlines = {.unary = {.max_ms = HUT_PATIENCE_MS / 2}};
    const rpc_interceptor chain[] = {
        rpc_metrics_interceptor(metrics),
        rpc_deadlines_interceptor(&deadlines),
        rpc_limiter_interceptor(limiter),
        hut_interceptor,
    };
    const rpc_server_options options = {
        .workers = hut.workers > 0 ? hut.workers : 1,
        .queues = 1,
        .stream_queue = 8,
        .max_message = 1 << 20,
        .interceptors = chain,
        .interceptor_count = sizeof chain / sizeof *chain,
        .descriptors = hut_descriptors,
        .descriptors_size = hut_descriptors_size,
    };
    rpc_server *server = rpc_server_new(&options);

    if (server != NULL)
        rpc_server_register(server, &room_service, &hut_binding);
    return server;
}

rpc_server *hut_server_new(void)
{
    metrics = rpc_metrics_new();
    limiter = rpc_limiter_new(&(rpc_quotas){.of_method = 100, .of_peer = 100});

    rpc_server *server = metrics != NULL && limiter != NULL ? new_server() : NULL;

    if (server == NULL)
        hut_server_free(NULL);
    return server;
}

void hut_server_free(rpc_server *server)
{
    rpc_server_free(server);
    rpc_limiter_free(limiter);
    rpc_metrics_free(metrics);
    limiter = NULL;
    metrics = NULL;
}

sp_code hut_read_metrics(void)
{
    char *text = rpc_metrics_text(metrics);
    const char *last = text != NULL ? strstr(text, "rpc_server_handling_seconds_count") : NULL;
    bool whole = last != NULL && text[strlen(text) - 1] == '\n';

    free(text);
    return text == NULL ? SP_RESOURCE_EXHAUSTED : whole ? SP_OK : SP_DATA_LOSS;
}

static sp_status introduce(void *self, rpc_outgoing *call)
{
    (void)self;
    return rpc_outgoing_add(call, "x-guest", "from far away") ? SP_DONE : OUT_OF_MEMORY;
}

static void part(void *self, const char *path, const rpc_answer *answer, int64_t took_us)
{
    (void)self;
    (void)answer;
    (void)took_us;
    EXPECT(path[0] == '/');
}

rpc_client *hut_client_new(const rpc_client_options *options)
{
    static const rpc_client_interceptor chain[] = {{.end = part}, {.begin = introduce, .end = part}};
    rpc_client_options filled = *options;

    filled.interceptors = chain;
    filled.interceptor_count = sizeof chain / sizeof *chain;
    return rpc_client_new(&filled);
}

void hut_open(void)
{
    int port = 0;

    hut.server = hut_server_new();
    EXPECT(hut.server != NULL);
    EXPECT(!sp_failed(rpc_server_listen(hut.server, &(rpc_listener){.address = "127.0.0.1:0"}, &port)));
    EXPECT(!sp_failed(rpc_server_start(hut.server)));
    snprintf(hut.target, sizeof hut.target, "127.0.0.1:%d", port);
    hut.client = hut_client_new(&(rpc_client_options){.target = hut.target});
    EXPECT(hut.client != NULL);
    EXPECT(hut_works(hut.client));
}

void hut_close(void)
{
    rpc_client_free(hut.client);
    hut_server_free(hut.server);
}

/* ---- what works ---- */

static bool works(const char *what, sp_code code, sp_code expected)
{
    if (code != expected)
        fprintf(stderr, "%s: %s instead of %s\n", what, sp_code_name(code), sp_code_name(expected));
    return code == expected;
}

bool hut_works(rpc_client *client)
{
    return works("a call to the worker", hut_echo(client, ROOM_ECHO), SP_OK) &&
           works("an inline call", hut_echo(client, ROOM_ECHO_INLINE), SP_OK) &&
           works("a refused call", hut_play(client, "refuse", &hut_options), SP_FAILED_PRECONDITION) &&
           works("a method that is not served", hut_deliver(client, room_service.methods[ROOM_ABSENT].path, "", 0),
                 SP_UNIMPLEMENTED) &&
           works("a client stream", hut_collect(client), SP_OK) &&
           works("a server stream", hut_count(client, 20), SP_OK) &&
           works("a bidirectional stream", hut_chat(client), SP_OK);
}

bool hut_still_works(void)
{
    return hut_works(hut.client);
}

/* ---- unary calls ---- */

sp_code hut_echo(rpc_client *client, int slot)
{
    Note note = NOTE_INIT;
    Note inner = NOTE_INIT;
    Note *inners[] = {&inner, &inner};
    char *tags[] = {"red", "blue"};
    ProtobufCMessage *reply = NULL;
    uint8_t data[2000];
    rpc_answer answer;

    memset(data, 'd', sizeof data);
    note.text = "hello";
    note.data = (ProtobufCBinaryData){sizeof data, data};
    note.tags = tags;
    note.n_tags = 2;
    note.child = &inner;
    note.notes = inners;
    note.n_notes = 2;

    sp_status status = rpc_client_call(client, &room_service.methods[slot], &hut_options, &note.base, &reply, &answer);
    sp_code code = status.code;

    rpc_answer_done(&answer);
    if (reply == NULL)
        return code == SP_OK ? SP_DATA_LOSS : code;

    const Note *echo = (const Note *)reply;
    bool same = strcmp(echo->text, "hello") == 0 && echo->n_tags == 2 && strcmp(echo->tags[1], "blue") == 0 &&
                echo->data.len == sizeof data && echo->n_notes == 2 && echo->child != NULL;

    protobuf_c_message_free_unpacked(reply, NULL);
    return same ? code : SP_DATA_LOSS;
}

sp_code hut_play(rpc_client *client, const char *name, const rpc_options *options)
{
    Form form = FORM_INIT;
    ProtobufCMessage *reply = NULL;
    rpc_answer answer;

    form.name = (char *)name;

    sp_code code = rpc_client_call(client, &room_service.methods[ROOM_PLAY], options, &form.base, &reply, &answer).code;

    rpc_answer_done(&answer);
    if (reply != NULL)
        protobuf_c_message_free_unpacked(reply, NULL);
    return (reply != NULL) == (code == SP_OK) ? code : SP_DATA_LOSS;
}

/* ---- streams ---- */

static rpc_client_stream *open_stream(rpc_client *client, int slot)
{
    return rpc_client_stream_open(client, &room_service.methods[slot], &hut_options);
}

static bool write_note(rpc_client_stream *stream, int64_t number)
{
    Note note = NOTE_INIT;

    note.number = number;
    note.text = "note";
    return rpc_client_stream_write(stream, &note.base);
}

/* The number of the next note, -1 when there is none. */
static int64_t read_note(rpc_client_stream *stream)
{
    Note *note = (Note *)rpc_client_stream_read(stream);
    int64_t number = note != NULL ? note->number : -1;

    if (note != NULL)
        protobuf_c_message_free_unpacked(&note->base, NULL);
    return number;
}

sp_code hut_collect(rpc_client *client)
{
    rpc_client_stream *stream = open_stream(client, ROOM_COLLECT);
    ProtobufCMessage *reply = NULL;

    for (int64_t i = 1; i <= 4; i++)
        if (!write_note(stream, i))
            break;

    sp_code code = rpc_client_stream_finish_one(stream, &reply, NULL).code;

    if (reply == NULL)
        return code == SP_OK ? SP_DATA_LOSS : code;

    int64_t sum = ((Note *)reply)->number;

    protobuf_c_message_free_unpacked(reply, NULL);
    return sum == 10 ? code : SP_DATA_LOSS;
}

sp_code hut_count(rpc_client *client, int64_t notes)
{
    rpc_client_stream *stream = open_stream(client, ROOM_COUNT);
    Form form = FORM_INIT;
    Note note = NOTE_INIT;
    int64_t read = 0;

    form.name = "count";
    form.note = &note;
    note.number = notes;
    if (rpc_client_stream_write(stream, &form.base))
        rpc_client_stream_half_close(stream);
    while (read_note(stream) == read)
        read++;

    sp_code code = rpc_client_stream_finish(stream, NULL).code;

    return code == SP_OK && read != notes ? SP_DATA_LOSS : code;
}

sp_code hut_chat(rpc_client *client)
{
    rpc_client_stream *stream = open_stream(client, ROOM_CHAT);
    int64_t talked = 0;

    while (talked < 4 && write_note(stream, talked) && read_note(stream) == talked)
        talked++;
    rpc_client_stream_half_close(stream);

    sp_code code = rpc_client_stream_finish(stream, NULL).code;

    return code == SP_OK && talked != 4 ? SP_DATA_LOSS : code;
}

/* ---- raw calls ---- */

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool done;
    sp_code code;
} delivery;

static void throw_away(rpc_raw_call *call, void *context, const uint8_t *bytes, size_t size)
{
    (void)context;
    (void)bytes;
    (void)size;
    rpc_raw_read(call);
}

static void note_done(rpc_raw_call *call, void *context, const rpc_answer *answer)
{
    delivery *d = context;

    (void)call;
    pthread_mutex_lock(&d->lock);
    d->code = answer->status.code;
    d->done = true;
    pthread_cond_signal(&d->changed);
    pthread_mutex_unlock(&d->lock);
}

sp_code hut_deliver(rpc_client *client, const char *path, const void *bytes, size_t size)
{
    static const rpc_raw_events events = {.message = throw_away, .done = note_done};
    delivery d = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    rpc_raw_call *call = rpc_raw_start(client, path, &hut_options, &events, &d);

    if (call == NULL)
        return SP_RESOURCE_EXHAUSTED;
    rpc_raw_write(call, bytes, size, true);
    rpc_raw_read(call);
    pthread_mutex_lock(&d.lock);
    while (!d.done)
        pthread_cond_wait(&d.changed, &d.lock);
    pthread_mutex_unlock(&d.lock);
    return d.code;
}
