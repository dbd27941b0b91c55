#include "link_server.h"

#include "fuzz.h"
#include "message.h"
#include "smartpass/link/v1/link.rpc.h"

enum { MEMORY_MAX = 4 << 20 };

bool link_server_takes(const uint8_t *bytes, size_t size, unsigned *ret_kind, byte_buffer *packed)
{
    const ProtobufCMessageDescriptor *descriptor = &smartpass__link__v1__connect_request__descriptor;
    prescan_fault fault;
    bool admitted, over_cap;
    arena memory;

    arena_init(&memory, MEMORY_MAX);
    admitted = !sp_failed(message_admit(descriptor, &memory, &bytes, &size, link_service_table.limits,
                                        link_service_table.limit_count, &fault));
    if (!admitted) {
        arena_done(&memory);
        return false;
    }

    const Smartpass__Link__V1__ConnectRequest *request =
        (const Smartpass__Link__V1__ConnectRequest *)message_unpack(descriptor, &memory, bytes, size, &over_cap);

    REQUIRE(request && !over_cap);
    *ret_kind = request->message_case;
    if (packed) {
        uint8_t *out = byte_buffer_reserve(packed, smartpass__link__v1__connect_request__get_packed_size(request));

        REQUIRE(out);
        packed->size += smartpass__link__v1__connect_request__pack(request, out);
    }
    arena_done(&memory);
    return true;
}
