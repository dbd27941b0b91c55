/* One thing that a program does, run again and again: each time with another of its allocations failing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "failing_alloc.h"
#include "status.h"

typedef struct {
    const char *name;
    sp_code expected;     /* how it ends when nothing fails */
    sp_code also;         /* how it may end too when memory is out, besides RESOURCE_EXHAUSTED; SP_OK: no other way */
    void (*open)(void);   /* once, before */
    void (*close)(void);  /* once, after */
    sp_code (*run)(void); /* the thing itself; SP_OK and the like are how it ended */
    bool (*works)(void);  /* after each run: with memory there again, all is well */
} alloc_scenario;

/* A Check program of a test for each: it runs until all allocations of the scenario have failed, each alone and each
 * with all that follow. After every run as many blocks are held as before. Prints how many runs that took, or on stderr
 * what went wrong and in which run. What main returns. */
int alloc_scenarios_run(const char *name, const alloc_scenario *scenarios, size_t count);
