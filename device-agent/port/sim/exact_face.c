#include "exact_face.h"

#include <string.h>

#include "hash.h"

static bool is_one_colour(const face_picture *picture)
{
    size_t size = (size_t)picture->width * (size_t)picture->height * 3;

    return size <= 3 || memcmp(picture->rgb, picture->rgb + 3, size - 3) == 0;
}

/* The hash's bytes spread over the template: two pictures end up at distances far above the same person's. */
static int read_face(void *self, const face_picture *picture, float ret_template[FACE_TEMPLATE_LENGTH])
{
    uint8_t sha[SHA256_SIZE];

    (void)self;
    if (is_one_colour(picture))
        return 0;
    if (sp_failed(sha256_of(picture->rgb, (size_t)picture->width * (size_t)picture->height * 3, sha)))
        return -1;
    for (size_t i = 0; i < FACE_TEMPLATE_LENGTH; i++)
        ret_template[i] = (float)sha[i % SHA256_SIZE] / 255.0f;
    return 1;
}

static int cannot_tell(void *self)
{
    (void)self;
    return -1;
}

face_reader exact_face_reader(void)
{
    return (face_reader){.engine = EXACT_FACE_ENGINE, .read = read_face, .flaws = cannot_tell};
}
