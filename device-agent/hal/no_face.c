/* In the place of native_face.c where the program is built without our engine: there is none to be had. */
#include <errno.h>
#include <stddef.h>

#include "native_face.h"

native_face *native_face_new(const char *weights, const char *engine)
{
    (void)weights, (void)engine;
    errno = ENOSYS;
    return NULL;
}

void native_face_free(native_face *n)
{
    (void)n;
}

face_reader native_face_reader(native_face *n)
{
    return (face_reader){.self = n, .engine = ""};
}
