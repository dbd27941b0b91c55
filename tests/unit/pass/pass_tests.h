/* The test cases of server/pass, one file each. */
#pragma once

#include <check.h>

TCase *ingest_tests(void);
TCase *ingest_again_tests(void);
TCase *ingest_kill_tests(void);
TCase *grant_tests(void);
TCase *pass_list_tests(void);
TCase *pass_rule_tests(void);
TCase *retention_tests(void);
