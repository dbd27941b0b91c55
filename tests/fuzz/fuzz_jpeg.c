/* JPEG files from anybody. */
#include "fuzz.h"
#include "pictures.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_picture(data, size);
    return 0;
}
