/* What every kind of job that looks at photos needs. */
#pragma once

#include "examine.h"

/* NULL, having said why. Lives as long as the process. */
face_engine *photo_engine_load(const char *weights_path);

/* A worker_answer and what belongs to it; examined is what examine answered. False when nobody listens. */
bool photo_job_answer(const examination *e, bool examined);
