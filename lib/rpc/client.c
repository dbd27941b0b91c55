/* The client's channel and its blocking unary calls. */
#include "client.h"

#include <grpc/grpc_security.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "waiting.h"

enum {
    MESSAGE_MAX_DEFAULT = 4 << 20,
    JOINED_CAP = 64 << 20, /* for a reply that comes in pieces */
    METADATA_MAX = 16384,
    KEEPALIVE_TIME_MS = 30000,
    KEEPALIVE_TIMEOUT_MS = 20000,
    CONNECT_TIMEOUT_MS = 10000, /* for one attempt, its TLS handshake included */
    RECONNECT_FIRST_MS = 200,
    RECONNECT_MAX_MS = 5000,
    IDENTITY_ONLY = 1 << GRPC_COMPRESS_NONE,
};

const sp_status CLIENT_CALL_IMPOSSIBLE = {SP_INVALID_ARGUMENT, "CALL_IMPOSSIBLE",
                                          "The call could not be started: its metadata is illegal or too long."};
const sp_status CLIENT_REPLY_MALFORMED = {SP_INTERNAL, "REPLY_MALFORMED", "The server's reply is malformed."};
const sp_status CLIENT_REPLY_MISSING = {SP_INTERNAL, "REPLY_MISSING", "The server ended the call without a reply."};
const sp_status CLIENT_REPLY_REPEATED = {SP_INTERNAL, "REPLY_REPEATED", "The server replied more than once."};

/* Names are resolved as everything else on the machine resolves them (hosts file, nsswitch), not by the core's own
 * resolver, which also loses memory with each name. The core knows this switch only as an environment variable, and
 * the environment can only be changed safely before there are threads. */
__attribute__((constructor)) static void choose_resolver(void)
{
    setenv("GRPC_DNS_RESOLVER", "native", 0);
}

static grpc_channel_credentials *create_credentials(const rpc_client_options *options)
{
    if (!options->tls)
        return grpc_insecure_credentials_create();

    grpc_ssl_pem_key_cert_pair pair = {options->key_pem, options->cert_pem};
    bool has_pair = options->cert_pem != NULL && options->key_pem != NULL;

    return grpc_ssl_credentials_create_ex(options->ca_pem, has_pair ? &pair : NULL, NULL, NULL);
}

static grpc_channel *create_channel(const rpc_client_options *options)
{
    size_t max_message = options->max_message > 0 ? options->max_message : MESSAGE_MAX_DEFAULT;
    grpc_resource_quota *memory = core_memory(0);
    grpc_arg args[] = {
        core_arg_memory(memory),
        core_arg_int(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, max_message > INT_MAX ? INT_MAX : (int)max_message),
        core_arg_int(GRPC_ARG_MAX_METADATA_SIZE, METADATA_MAX),
        core_arg_tls_frame(),
        core_arg_int(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0),
        core_arg_int(GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, IDENTITY_ONLY),
        core_arg_int(GRPC_ARG_HTTP2_BDP_PROBE, 0),
        core_arg_int(GRPC_ARG_ENABLE_HTTP_PROXY, 0),
        core_arg_int(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1),
        core_arg_int(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1), /* connections of its own, which end with the client */
        core_arg_int(GRPC_ARG_KEEPALIVE_TIME_MS, KEEPALIVE_TIME_MS),
        core_arg_int(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, KEEPALIVE_TIMEOUT_MS),
        core_arg_int(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0),
        core_arg_int(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, RECONNECT_FIRST_MS),
        core_arg_int(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, CONNECT_TIMEOUT_MS), /* is no pause, whatever it is called */
        core_arg_int(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, RECONNECT_MAX_MS),
        core_arg_text(GRPC_SSL_TARGET_NAME_OVERRIDE_ARG, options->server_name),
    };
    size_t count = sizeof args / sizeof *args;
    grpc_channel_args list = {options->server_name != NULL ? count : count - 1, args};
    grpc_channel_credentials *credentials = create_credentials(options);
    grpc_channel *channel = credentials != NULL ? grpc_channel_create(options->target, credentials, &list) : NULL;

    if (credentials != NULL)
        grpc_channel_credentials_release(credentials);
    grpc_resource_quota_unref(memory);
    return channel;
}

static bool copy_interceptors(rpc_client *client, const rpc_client_options *options)
{
    client->interceptors = calloc(options->interceptor_count + 1, sizeof *client->interceptors);
    if (client->interceptors == NULL)
        return false;
    client->interceptor_count = options->interceptor_count;
    for (size_t i = 0; i < options->interceptor_count; i++)
        client->interceptors[i] = options->interceptors[i];
    return true;
}

rpc_client *rpc_client_new(const rpc_client_options *options)
{
    rpc_client *client = calloc(1, sizeof *client);

    if (client == NULL)
        return NULL;
    core_enter();
    core_queue_init(&client->queue);
    client->channel = create_channel(options);
    if (!copy_interceptors(client, options) || client->channel == NULL || !core_queue_start(&client->queue)) {
        rpc_client_free(client);
        return NULL;
    }
    return client;
}

void rpc_client_free(rpc_client *client)
{
    if (client == NULL)
        return;
    if (client->channel != NULL)
        grpc_channel_destroy(client->channel);
    core_queue_done(&client->queue);
    free(client->interceptors);
    free(client);
    core_exit();
}

static void *take_from_heap(void *refused, size_t size)
{
    void *memory = malloc(size);

    *(bool *)refused = *(bool *)refused || memory == NULL;
    return memory;
}

static void leave_to_heap(void *refused, void *memory)
{
    (void)refused;
    free(memory);
}

sp_status client_decode(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t size,
                        ProtobufCMessage **ret_message)
{
    bool refused = false;
    ProtobufCAllocator allocator = {take_from_heap, leave_to_heap, &refused};
    ProtobufCMessage *message = NULL;
    prescan_fault fault;
    sp_status admitted;
    arena joined;

    if (bytes == NULL)
        return OUT_OF_MEMORY;
    arena_init(&joined, JOINED_CAP);
    admitted = message_admit(descriptor, &joined, &bytes, &size, NULL, 0, &fault);
    if (!sp_failed(admitted))
        message = protobuf_c_message_unpack(descriptor, &allocator, size, bytes);
    arena_done(&joined);
    if (admitted.code == SP_RESOURCE_EXHAUSTED)
        return OUT_OF_MEMORY;
    if (message == NULL)
        return refused ? OUT_OF_MEMORY : CLIENT_REPLY_MALFORMED;
    *ret_message = message;
    return SP_DONE;
}

/* What a blocked caller waits for; the client's thread fills it. */
typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint8_t *reply; /* NULL also when there was no memory for it */
    size_t reply_size;
    bool has_reply;
    bool done;
    rpc_answer answer;
} unary_wait;

static void unary_message(rpc_raw_call *call, void *context, const uint8_t *bytes, size_t size)
{
    unary_wait *wait = context;

    if (!wait->has_reply) {
        wait->has_reply = true;
        wait->reply = malloc(size + 1);
        wait->reply_size = size;
        if (wait->reply != NULL)
            memcpy(wait->reply, bytes, size);
    }
    rpc_raw_read(call);
}

static void unary_done(rpc_raw_call *call, void *context, const rpc_answer *answer)
{
    unary_wait *wait = context;

    (void)answer;
    pthread_mutex_lock(&wait->lock);
    raw_take_answer(call, &wait->answer);
    wait->done = true;
    pthread_cond_signal(&wait->changed);
    pthread_mutex_unlock(&wait->lock);
}

static void replace_answer(rpc_answer *answer, sp_status status)
{
    rpc_answer_done(answer);
    answer_from_status(answer, status);
}

/* An OK without a proper reply is none. */
static void judge_reply(unary_wait *wait, const rpc_method *method, ProtobufCMessage **ret_reply)
{
    if (sp_failed(wait->answer.status))
        return;
    if (!wait->has_reply) {
        replace_answer(&wait->answer, CLIENT_REPLY_MISSING);
        return;
    }

    sp_status status = client_decode(method->reply, wait->reply, wait->reply_size, ret_reply);

    if (sp_failed(status))
        replace_answer(&wait->answer, status);
}

sp_status rpc_client_call(rpc_client *client, const rpc_method *method, const rpc_options *options,
                          const ProtobufCMessage *request, ProtobufCMessage **ret_reply, rpc_answer *answer)
{
    static const rpc_raw_events events = {.message = unary_message, .done = unary_done};
    unary_wait wait = {.done = false};
    sp_status failure;

    pthread_mutex_init(&wait.lock, NULL);
    pthread_cond_init(&wait.changed, NULL);

    /* The handle may be gone as soon as it is there. */
    if (raw_unary(client, method->path, options, message_pack(request), &events, &wait, &failure) == NULL) {
        answer_from_status(&wait.answer, failure);
    } else {
        before_waiting();
        pthread_mutex_lock(&wait.lock);
        while (!wait.done)
            pthread_cond_wait(&wait.changed, &wait.lock);
        pthread_mutex_unlock(&wait.lock);
        judge_reply(&wait, method, ret_reply);
    }
    free(wait.reply);
    pthread_cond_destroy(&wait.changed);
    pthread_mutex_destroy(&wait.lock);
    return answer_hand_over(&wait.answer, answer);
}
