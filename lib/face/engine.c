#include "engine.h"

#include <stdlib.h>

face_engine *face_engine_new(const face_weights *weights)
{
    face_engine *engine = calloc(1, sizeof *engine);

    if (engine)
        engine->weights = weights;
    return engine;
}

void face_engine_free(face_engine *engine)
{
    if (!engine)
        return;
    workspace_done(&engine->space);
    free(engine);
}

void face_engine_rest(face_engine *engine)
{
    workspace_done(&engine->space);
}
