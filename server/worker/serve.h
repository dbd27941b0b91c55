/* The kinds of jobs. Each loads what it needs, closes the sandbox, says that it is ready and serves until its work is
 * done or the server closes its end; does not return then. Returns, having said why, when it cannot begin. */
#pragma once

void serve_photos(const char *weights_path);
void serve_sheet(const char *kind); /* "xlsx", "xls", "csv" */
void serve_names(const char *kind); /* "zip" */
void serve_archive(const char *weights_path);
