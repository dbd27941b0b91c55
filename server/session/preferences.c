#include "preferences.h"

#include "rpc.h"

sp_status preferences_read(arena *a, const uint8_t *packed, size_t size, Smartpass__V1__Preferences **ret_preferences)
{
    const char *field;
    sp_status status = rpc_prescan(&smartpass__v1__preferences__descriptor, packed, size, NULL, 0, &field);

    if (sp_failed(status))
        return status;
    *ret_preferences =
        (Smartpass__V1__Preferences *)rpc_unpack(&smartpass__v1__preferences__descriptor, a, packed, size);
    return *ret_preferences ? SP_DONE : OUT_OF_MEMORY;
}
