#include "native_face.h"

#include <errno.h>
#include <stdlib.h>

#include "admission.h"
#include "face_measure.h"

enum { FACES_MAX = 8 };

struct native_face {
    face_weights *weights;
    face_engine *engine;
    const char *id;
    int flaws; /* of the picture read last */
};

native_face *native_face_new(const char *weights, const char *engine)
{
    native_face *n = calloc(1, sizeof *n);

    if (!n)
        return NULL;
    n->id = engine;
    n->weights = face_weights_load(weights);
    n->engine = n->weights ? face_engine_new(n->weights) : NULL;
    if (!n->engine) {
        int why = errno;

        native_face_free(n);
        errno = why;
        return NULL;
    }
    return n;
}

void native_face_free(native_face *n)
{
    if (!n)
        return;
    face_engine_free(n->engine);
    face_weights_free(n->weights);
    free(n);
}

static int flaws_of(const face_picture *picture, const face *f)
{
    face_measures m;

    return face_measure(picture, f, &m) ? admission_flaws(m.luma, m.sharpness) : -1;
}

static int read_face(void *self, const face_picture *picture, float ret_template[FACE_TEMPLATE_LENGTH])
{
    native_face *n = self;
    face faces[FACES_MAX];
    int count = face_detect(n->engine, picture, faces, FACES_MAX);

    n->flaws = -1;
    if (count <= 0)
        return count;
    if (!face_landmarks(n->engine, picture, &faces[0]) || !face_template(n->engine, picture, &faces[0], ret_template))
        return -1;
    n->flaws = flaws_of(picture, &faces[0]);
    return count;
}

static int read_flaws(void *self)
{
    return ((native_face *)self)->flaws;
}

face_reader native_face_reader(native_face *n)
{
    return (face_reader){.self = n, .engine = n->id, .read = read_face, .flaws = read_flaws};
}
