/* Of the members of a set: in which folders images lie, and what to say of those that are not in it. */
#ifndef SYN_DATA_REPORT_H
#define SYN_DATA_REPORT_H

#include "engine/data/layout.h"
#include "engine/data/members.h"

typedef struct syn_group { /* members of one kind in one folder */
  const char *name;        /* the first of them */
  const syn_kind *of;
  size_t n;
} syn_group;

typedef struct syn_places {
  syn_place *list; /* (n) folders with images in them, or with what should be images, by name */
  size_t n;
  syn_place *empty; /* (n_empty) links to nowhere that would be folders */
  size_t n_empty;
  syn_group *groups; /* (n_groups) of kinds that are not read */
  size_t n_groups;
} syn_places;

syn_status syn_places_find(syn_places *out, syn_members *m);
syn_place *syn_places_of(const syn_places *places, const char *name); /* of an image */
void syn_places_close(syn_places *places);

/* SYN_EINPUT if there is nothing that should be an image: in words about what is there. */
syn_status syn_report_none(syn_members *m);

/* Everything that is not in the set, into out->skipped. */
syn_status syn_report_skipped(syn_images *out, syn_members *m, const syn_places *places);

#endif
