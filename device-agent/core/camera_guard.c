#include "camera_guard.h"

bool camera_guard_asked(camera_guard *g, bool wanted, bool got_picture, int64_t now_ms)
{
    g->failures = got_picture ? 0 : g->failures + 1;
    if (!wanted || g->failures < CAMERA_FAILURES || now_ms < g->not_before_ms)
        return false;
    g->failures = 0;
    g->not_before_ms = now_ms + CAMERA_REST_MS;
    g->restarts++;
    return true;
}
