/* Byte buffers to protobuf-c messages in an arena, and back. */
#include "message.h"

#include <grpc/byte_buffer_reader.h>
#include <string.h>

#include "join.h"

SP_STATUS(MESSAGE_TOO_COMPLEX, SP_RESOURCE_EXHAUSTED, "The message needs more memory than a call may take.");

bool message_view_open(message_view *view, grpc_byte_buffer *buffer)
{
    *view = (message_view){.copied = false};
    if (buffer->type != GRPC_BB_RAW || buffer->data.raw.compression != GRPC_COMPRESS_NONE)
        return false;

    /* Short messages come as one slice and are read where they lie. */
    if (buffer->data.raw.slice_buffer.count == 1) {
        const grpc_slice *slice = &buffer->data.raw.slice_buffer.slices[0];

        view->bytes = GRPC_SLICE_START_PTR(*slice);
        view->size = GRPC_SLICE_LENGTH(*slice);
        return true;
    }

    grpc_byte_buffer_reader reader;

    if (!grpc_byte_buffer_reader_init(&reader, buffer))
        return false;
    view->copy = grpc_byte_buffer_reader_readall(&reader);
    view->copied = true;
    grpc_byte_buffer_reader_destroy(&reader);
    view->bytes = GRPC_SLICE_START_PTR(view->copy);
    view->size = GRPC_SLICE_LENGTH(view->copy);
    return true;
}

void message_view_close(message_view *view)
{
    if (view->copied)
        grpc_slice_unref(view->copy);
    view->copied = false;
}

grpc_byte_buffer *message_pack(const ProtobufCMessage *message)
{
    grpc_slice slice = grpc_slice_malloc(protobuf_c_message_get_packed_size(message));

    protobuf_c_message_pack(message, GRPC_SLICE_START_PTR(slice));

    grpc_byte_buffer *buffer = grpc_raw_byte_buffer_create(&slice, 1);

    grpc_slice_unref(slice);
    return buffer;
}

grpc_byte_buffer *message_from_bytes(const uint8_t *bytes, size_t size)
{
    grpc_slice slice = grpc_slice_from_copied_buffer((const char *)bytes, size);
    grpc_byte_buffer *buffer = grpc_raw_byte_buffer_create(&slice, 1);

    grpc_slice_unref(slice);
    return buffer;
}

typedef struct {
    arena *memory;
    bool refused;
} arena_source;

static void *take_from_arena(void *data, size_t size)
{
    arena_source *source = data;
    void *memory = arena_alloc(source->memory, size);

    source->refused = source->refused || memory == NULL;
    return memory;
}

static void leave_to_arena(void *data, void *memory)
{
    (void)data;
    (void)memory;
}

ProtobufCMessage *message_unpack(const ProtobufCMessageDescriptor *descriptor, arena *a, const uint8_t *bytes,
                                 size_t size, bool *ret_over_cap)
{
    arena_source source = {.memory = a};
    ProtobufCAllocator allocator = {take_from_arena, leave_to_arena, &source};
    ProtobufCMessage *message = protobuf_c_message_unpack(descriptor, &allocator, size, bytes);

    *ret_over_cap = source.refused;
    return message;
}

sp_status message_admit(const ProtobufCMessageDescriptor *descriptor, arena *a, const uint8_t **bytes, size_t *size,
                        const rpc_limit *limits, size_t limit_count, prescan_fault *ret_fault)
{
    sp_status status = prescan_message(descriptor, *bytes, *size, limits, limit_count, ret_fault);

    /* A piece alone may lack what is required and several together may be too much: only the whole can be judged. The
     * scan may have ended before it met the second piece. */
    if (!ret_fault->pieces && ret_fault->field == NULL)
        return status;
    if (!join_pieces(descriptor, a, bytes, size))
        return sp_failed(status) ? status : MESSAGE_TOO_COMPLEX;
    return prescan_message(descriptor, *bytes, *size, limits, limit_count, ret_fault);
}

ProtobufCMessage *rpc_unpack(const ProtobufCMessageDescriptor *descriptor, arena *a, const uint8_t *bytes, size_t size)
{
    prescan_fault fault;
    bool over_cap;

    if (sp_failed(message_admit(descriptor, a, &bytes, &size, NULL, 0, &fault)))
        return NULL;
    return message_unpack(descriptor, a, bytes, size, &over_cap);
}
