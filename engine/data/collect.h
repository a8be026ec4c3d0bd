/* The members of a set in one pass over an archive or a folder: PNGs are decoded as they come by, of
 * everything else stands what it is. Then links within an archive are resolved and members that stand
 * twice are one, so that the list is the same for the same tree in every packing. */
#ifndef SYN_DATA_COLLECT_H
#define SYN_DATA_COLLECT_H

#include "engine/data/members.h"

/* Fills *m, whose path, inside, names and ctx are set. SYN_EINPUT as syn_archive_next has it, and where
 * a name stands twice that may be two names in different Unicode forms. */
syn_status syn_members_collect(syn_members *m);

#endif
