#!/bin/sh
# A plugin that keeps what protoc asks it, in $REQUEST_FILE, and answers with no file (but that it knows `optional`).
cat >"$REQUEST_FILE" && printf '\020\001'
