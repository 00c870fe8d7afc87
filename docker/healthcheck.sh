#!/usr/bin/env bash
# Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0
#
# Succeeds when the server serves, in whatever role. Starts no JVM: this runs every few seconds.
exec 3<>"/dev/tcp/localhost/${1:-2181}" || exit 1
printf srvr >&3
grep '^Mode: ' <&3
